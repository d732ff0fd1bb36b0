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
    assert {path.stem for path in LISTS} == {'ferplus_48px', 'synthetic'}


def test_all_are_tested_on_the_same_images(configs):
    expected = configs['UAR ensemble'].test_dataloader.dataset
    for name, cfg in configs.items():
        assert cfg.test_dataloader.dataset == expected, name


def test_all_networks_have_the_same_budget(configs):
    first = configs['UAR ensemble']
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
    assert configs['LDL'].model == configs['UAR ensemble'].model
    assert configs['LDL'].data_preprocessor == configs[
        'UAR ensemble'].data_preprocessor
    assert configs['Multi-head'].model.head.num_members == configs[
        'UAR ensemble'].ensemble.num_members
