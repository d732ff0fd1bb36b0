"""A fair table: one test set, one network, one budget per network."""

from pathlib import Path

import pytest
from mmengine.config import Config

from uar_mmpretrain.engine.comparison import method_config, read_methods

ROOT = Path(__file__).parents[2]
LISTS = sorted((ROOT / 'configs' / 'compare').glob('*.py'))


@pytest.fixture(params=LISTS, ids=lambda path: path.stem)
def configs(request, monkeypatch):
    """The config of every method by name."""
    monkeypatch.chdir(ROOT)
    return {method.name: method_config(method) for method
            in read_methods(Config.fromfile(request.param))}


def test_there_are_lists():
    assert {path.stem for path in LISTS} == {
        'ferplus_48px', 'noisy_labels_ferplus_48px',
        'noisy_labels_synthetic', 'synthetic'}


def test_all_are_tested_on_the_same_images(configs):
    expected = next(iter(configs.values())).test_dataloader.dataset
    for name, cfg in configs.items():
        assert cfg.test_dataloader.dataset == expected, name


# All that may differ, by the name before the share of wrong labels:
# docs/comparison.md names it.
ALLOWED = {
    'DMUE': {'batch_sampler'},
    'DMUE (FER+)': {'batch_sampler', 'optim_wrapper'},
    'Plain, one label, Adam': {'optim_wrapper'},
}


def recipe(cfg):
    """What of a training is the same for all methods of a list."""
    loader = cfg.train_dataloader
    return dict(
        backbone=cfg.model.backbone, optim_wrapper=cfg.optim_wrapper,
        param_scheduler=cfg.param_scheduler, train_cfg=cfg.train_cfg,
        data_preprocessor=cfg.data_preprocessor,
        batch_size=loader.batch_size, sampler=loader.sampler,
        batch_sampler=loader.get('batch_sampler'),
        seed=cfg.randomness.seed,
        **{key: inner(cfg).get(key)
           for key in ('type', 'split', 'label_rule', 'num_images')})


def allowed(name, cfg):
    """What a method may do in its own way."""
    if name.startswith('DMUE'):
        name = 'DMUE' if inner(cfg).type == 'SyntheticFaces' else 'DMUE (FER+)'
    return ALLOWED.get(name, set())


def test_all_networks_have_the_same_budget(configs):
    expected = recipe(next(iter(configs.values())))
    for name, cfg in configs.items():
        found = recipe(cfg)
        differing = {key for key in expected if found[key] != expected[key]}
        assert differing == allowed(name, cfg), name


def inner(cfg):
    """The training set that names the images."""
    dataset = cfg.train_dataloader.dataset
    while 'dataset' in dataset:
        dataset = dataset.dataset
    return dataset


@pytest.mark.parametrize('name', ['ferplus_48px', 'synthetic'])
def test_differences_are_those_from_the_single_network(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    cfg = Config.fromfile(ROOT / 'configs' / 'compare' / f'{name}.py')
    found, = (method for method in read_methods(cfg)
              if method.name == cfg.reference)
    assert found.name == 'LDL' and found.weights is not None


def test_every_result_is_written(configs):
    for name, cfg in configs.items():
        kinds = [str(hook['type']).split('.')[-1]
                 for hook in cfg.custom_hooks]
        assert 'ResultsHook' in kinds, name


def test_the_member_fits_the_config_that_tests_it(configs):
    if 'LDL' not in configs:
        pytest.skip('no method takes the weights of another')
    assert configs['LDL'].model == configs['UAR ensemble'].model
    assert configs['LDL'].data_preprocessor == configs[
        'UAR ensemble'].data_preprocessor
    assert configs['LDL + density'].model == configs['LDL'].model
    assert configs['LDL, entropy head'].model == configs[
        'LDL, entropy head + density'].model
    assert configs['Multi-head'].model.head.num_members == configs[
        'UAR ensemble'].ensemble.num_members


@pytest.mark.parametrize('data, kind, names', [
    ('synthetic', 'SyntheticFaces',
     {'Plain', 'DMUE', 'DMUE, confidence trained', 'POI-style',
      'POI-style without action units'}),
    ('ferplus_48px', 'FERPlus',
     {'Plain', 'DMUE', 'DMUE, confidence trained', 'POI-style'}),
])
def test_noise_is_all_that_tells_its_shares_apart(data, kind, names,
                                                  monkeypatch):
    monkeypatch.chdir(ROOT)
    path = ROOT / 'configs' / 'compare' / f'noisy_labels_{data}.py'
    shares: dict = {}
    for method in read_methods(Config.fromfile(path)):
        cfg = method_config(method)
        train = cfg.train_dataloader.dataset
        assert train.type == 'NoisyLabels'
        name, share = method.name.rsplit(', ', 1)
        assert f'{train.pop("fraction"):.0%} wrong' == share
        assert cfg.val_dataloader.dataset.type == kind
        shares.setdefault(name, []).append(cfg.to_dict())
    assert set(shares) == names
    for same in shares.values():
        assert len(same) == 4
        assert all(one == same[0] for one in same)
    dmue, trained = (shares[name][0]['model'] for name in (
        'DMUE', 'DMUE, confidence trained'))
    assert dict(dmue, freeze_confidence=False) == trained != dmue
