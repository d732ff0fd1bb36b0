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
        'ferplus_48px', 'noisy_labels_synthetic', 'synthetic'}


def test_all_are_tested_on_the_same_images(configs):
    expected = next(iter(configs.values())).test_dataloader.dataset
    for name, cfg in configs.items():
        assert cfg.test_dataloader.dataset == expected, name


def test_all_networks_have_the_same_budget(configs):
    first = next(iter(configs.values()))
    for name, cfg in configs.items():
        assert cfg.train_cfg.max_epochs == first.train_cfg.max_epochs, name
        for key in ('split', 'label_rule', 'num_images'):
            assert inner(cfg).get(key) == inner(first).get(key), (name, key)


def inner(cfg):
    """The training set that names the images."""
    dataset = cfg.train_dataloader.dataset
    while 'dataset' in dataset:
        dataset = dataset.dataset
    return dataset


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
    assert configs['Multi-head'].model.head.num_members == configs[
        'UAR ensemble'].ensemble.num_members


def test_noise_is_all_that_tells_its_shares_apart(monkeypatch):
    monkeypatch.chdir(ROOT)
    path = ROOT / 'configs' / 'compare' / 'noisy_labels_synthetic.py'
    shares: dict = {}
    for method in read_methods(Config.fromfile(path)):
        cfg = method_config(method)
        train = cfg.train_dataloader.dataset
        assert train.type == 'NoisyLabels'
        assert f'{train.pop("fraction"):.0%} wrong' in method.name
        assert cfg.val_dataloader.dataset.type == 'SyntheticFaces'
        shares.setdefault(method.config, []).append(cfg.to_dict())
    assert len(shares) == 3
    for same in shares.values():
        assert len(same) == 4
        assert all(one == same[0] for one in same)
