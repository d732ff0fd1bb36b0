"""DMUE in an ordinary training and test, and what is exported from it."""

import copy
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from uar_mmpretrain.evaluation.functional import read_table

TOOL = (Path(__file__).parents[3] / 'tools' / 'model_converters'
        / 'dmue_to_classifier.py')


@pytest.fixture
def cfg(tiny_config):
    """Two epochs on wrongly labelled faces."""
    tiny_config.pop('runner_type')
    tiny_config.pop('ensemble')
    tiny_config.model.update(type='DMUEClassifier', ramp_epochs=1)
    tiny_config.model.head.type = 'BNNeckHead'
    loader = tiny_config.train_dataloader
    loader.update(num_workers=0, persistent_workers=False, drop_last=False,
                  batch_sampler=dict(type='BalancedMinCountSampler'))
    loader.dataset.num_images = 96
    loader.dataset = dict(type='NoisyLabels', fraction=.2,
                          dataset=loader.dataset)
    tiny_config.optim_wrapper.optimizer = dict(type='Adam', lr=1e-3)
    tiny_config.train_cfg.max_epochs = 2
    tiny_config.val_dataloader = tiny_config.val_evaluator = None
    tiny_config.val_cfg = None
    tiny_config.test_dataloader.dataset.update(
        corruptions=['contrast'], severities=[5])
    tiny_config.test_evaluator = [
        dict(type='DumpPredictions', out_file='set by the test')]
    tiny_config.custom_hooks = [dict(type='ClassCheckHook')]
    return tiny_config


def predict(cfg, checkpoint, out):
    cfg = copy.deepcopy(cfg)
    cfg.load_from = str(checkpoint)
    cfg.test_evaluator[0].out_file = str(out)
    Runner.from_cfg(cfg).test()
    return read_table(out).member_scores


def test_exported_classifier_scores_identically(cfg, tmp_path, monkeypatch):
    runner = Runner.from_cfg(copy.deepcopy(cfg))
    runner.train()
    logged = runner.message_hub.log_scalars
    for name in ('right', 'wrong'):
        assert 0 < logged[f'train/confidence_{name}'].current() < 1
    checkpoint = Path(cfg.work_dir) / 'epoch_2.pth'
    config = tmp_path / 'dmue.py'
    cfg.dump(config)
    monkeypatch.setattr(sys, 'argv', [
        'tool', str(config), str(checkpoint), str(tmp_path / 'plain')])
    runpy.run_path(str(TOOL), run_name='__main__')
    plain = Config.fromfile(tmp_path / 'plain.py')
    assert plain.model.type == 'ImageClassifier'
    assert (tmp_path / 'plain.pth').stat().st_size < (
        checkpoint.stat().st_size / 4)
    stored = torch.load(tmp_path / 'plain.pth', weights_only=True)
    assert len(stored['meta']['dataset_meta']['classes']) == 8
    scores = predict(cfg, checkpoint, tmp_path / 'dmue.csv')
    assert scores.shape[1:] == (1, 8)
    np.testing.assert_array_equal(
        scores, predict(plain, tmp_path / 'plain.pth',
                        tmp_path / 'plain.csv'))
