"""One seed, one machine: one result, however many workers load the data."""

import copy
import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from mmcv.transforms import BaseTransform
from mmengine.config import Config
from mmpretrain.registry import TRANSFORMS

from uar_mmpretrain.engine import EnsembleRunner
from uar_mmpretrain.engine.checkpoints import read_checkpoint
from uar_mmpretrain.evaluation.functional import read_table

pytestmark = pytest.mark.reliability

WORKERS = (0, 1, 4)
LOADERS = ('train_dataloader', 'val_dataloader', 'test_dataloader')


@TRANSFORMS.register_module(force=True)
class DrawFromEveryGenerator(BaseTransform):
    """Shift the colours by what the three global generators give."""

    def transform(self, results):
        shift = [random.randint(0, 60), np.random.randint(60),
                 int(torch.randint(60, ()))]
        results['img'] = (results['img'] // 2 + np.array(shift)).astype(
            np.uint8)
        return results


def config(cfg, folder, workers, batch_size=None):
    """A tiny ensemble that draws: augmentation, and dropout in training."""
    cfg = copy.deepcopy(cfg)
    cfg.work_dir = str(folder)
    cfg.model.head.in_channels = 32
    cfg.model.backbone.type = 'DroppingResNet'
    for name in LOADERS:
        cfg[name].num_workers = workers
        cfg[name].persistent_workers = False
    train = cfg.train_dataloader.dataset.pipeline
    train[1:1] = [dict(type='DrawFromEveryGenerator'),
                  dict(type='RandomCorrupt', corruptions='standard',
                       prob=.5)]
    if batch_size:
        cfg.test_dataloader.batch_size = batch_size
    return cfg


@pytest.fixture(scope='module')
def results(tiny_config_file, tmp_path_factory):
    """Folders of an ensemble trained and tested with each of WORKERS."""
    from mmpretrain.models.backbones import ResNet_CIFAR
    from mmpretrain.registry import MODELS

    @MODELS.register_module(force=True)
    class DroppingResNet(ResNet_CIFAR):

        def forward(self, x):
            return tuple(torch.nn.functional.dropout(
                out, .2, self.training) for out in super().forward(x))

    cfg = Config.fromfile(tiny_config_file)
    folders = {}
    for workers in WORKERS:
        folder = tmp_path_factory.mktemp(f'workers_{workers}')
        run = config(cfg, folder, workers)
        EnsembleRunner.from_cfg(run).train()
        run.load_from = str(folder / 'ensemble.pth')
        EnsembleRunner.from_cfg(run).test()
        folders[workers] = folder
    yield folders
    MODELS.module_dict.pop('DroppingResNet')


@pytest.mark.parametrize('workers', WORKERS[1:])
def test_the_same_weights_and_thresholds(results, workers):
    first, other = results[0], results[workers]
    weights, found = (read_checkpoint(folder / 'ensemble.pth')['state_dict']
                      for folder in (first, other))
    for key, value in weights.items():
        assert torch.equal(found[key], value), key
    assert ((other / 'router.json').read_bytes()
            == (first / 'router.json').read_bytes())


@pytest.mark.parametrize('workers', WORKERS[1:])
def test_the_same_predictions_and_metrics(results, workers):
    first, other = (results[w] / 'test' for w in (0, workers))
    table, found = (read_table(next(folder.glob('predictions.*')))
                    for folder in (first, other))
    assert set(table.corruption) == {'clean', 'gaussian_noise', 'contrast'}
    np.testing.assert_array_equal(found.image_id, table.image_id)
    np.testing.assert_array_equal(found.member_scores, table.member_scores)
    np.testing.assert_array_equal(found.action, table.action)
    assert ((other / 'metrics.json').read_bytes()
            == (first / 'metrics.json').read_bytes())
    assert json.loads((first / 'metrics.json').read_text())['metrics']


def test_another_seed_is_another_result(results, tiny_config_file, tmp_path):
    """Or else the tests above would see nothing."""
    run = config(Config.fromfile(tiny_config_file), tmp_path, 1)
    run.randomness.seed = 7
    run.ensemble.members = [0]
    EnsembleRunner.from_cfg(run).train()
    weights, found = (
        read_checkpoint(Path(folder) / 'member_0' / 'member.pth')[
            'state_dict'] for folder in (results[1], tmp_path))
    assert not torch.equal(found['head.fcs.0.weight'],
                           weights['head.fcs.0.weight'])


@pytest.mark.parametrize('batch_size', [1, 7])
def test_the_batch_size_of_a_test_changes_the_last_digits_only(
        results, tiny_config_file, tmp_path, batch_size):
    run = config(Config.fromfile(tiny_config_file), tmp_path, 1, batch_size)
    run.load_from = str(results[0] / 'ensemble.pth')
    EnsembleRunner.from_cfg(run).test()
    table, found = (read_table(next((folder / 'test').glob('predictions.*')))
                    for folder in (results[0], tmp_path))
    np.testing.assert_allclose(found.member_scores, table.member_scores,
                               atol=1e-5)
