"""The calibration tool on predictions, and on a model."""

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmpretrain.registry import DATASETS

from uar_mmpretrain.datasets.split_overlap import list_images
from uar_mmpretrain.engine.checkpoints import write_checkpoint
from uar_mmpretrain.evaluation.functional import (
    PredictionTable,
    read_table,
    write_table,
)
from uar_mmpretrain.routing import Action, Router, fingerprint_weights

TOOL = 'calibrate_routing.py'
STATE = dict(w=torch.arange(3.))


@pytest.fixture(autouse=True)
def neighbours(monkeypatch):
    """Tools import what lies beside them."""
    monkeypatch.syspath_prepend('tools')


@pytest.fixture
def predictions(tiny_config_file, tmp_path):
    """Made-up predictions on the tiny config's validation faces."""
    cfg = Config.fromfile(tiny_config_file)
    dataset = DATASETS.build(cfg.val_dataloader.dataset)
    images = sorted(list_images(dataset))
    rng = np.random.default_rng(0)
    truth = rng.dirichlet(np.full(8, .2), size=len(images))
    logits = np.log(truth + .01)[:, None] + .4 * rng.normal(
        size=(len(images), 2, 8))
    scores = np.exp(logits)
    votes = np.stack([rng.multinomial(10, row) for row in truth])
    table = PredictionTable(
        image_id=np.array(images), corruption=np.full(len(images), 'clean'),
        severity=np.zeros(len(images)), label=votes.argmax(1),
        eval_label=truth.argmax(1), votes=votes,
        member_scores=scores / scores.sum(-1, keepdims=True),
        classes=dataset.metainfo['classes'])
    write_checkpoint(dict(state_dict=STATE, meta={}),
                     tmp_path / 'ensemble.pth')
    return write_table(table, tmp_path / 'predictions.csv')


def calibrate(run_tool, config, predictions, *args):
    run_tool(TOOL, config, predictions.with_name('ensemble.pth'),
             '--predictions', predictions, *args)


def test_from_predictions(run_tool, tiny_config_file, predictions, capsys):
    calibrate(run_tool, tiny_config_file, predictions)
    router = Router.load(predictions.with_name('router.json'))
    assert router.checkpoint == fingerprint_weights(STATE)
    promise = router.promises['rejection']
    # P(Bin(120, .05) <= 2) = .057, and <= 3 is .144.
    assert promise['num_images'] == 120 and promise['num_rejected'] == 2
    table = read_table(predictions)
    assert (router.route_scores(table.member_scores)
            == Action.REJECT).sum() == 2
    text = ' '.join(capsys.readouterr().out.split())
    assert '1.7% REJECT' in text
    assert 'none of them among 48 of train' in text
    assert 'none of them among 40 of test' in text
    assert router.checkpoint in text


def test_every_option(run_tool, tiny_config_file, predictions, tmp_path):
    out = tmp_path / 'other' / 'r.json'
    calibrate(run_tool, tiny_config_file, predictions, '--promise', 'risk',
              '--risk', .7, '--loss', 'votes', '--alpha', .2, '--delta', .2,
              '--temperature', 'common', '--split-seed', 3, '--out', out)
    router = Router.load(out)
    assert router.temperature.mode == 'common'
    assert router.promises['rejection']['alpha'] == .2
    assert router.promises['risk']['risk'] == .7
    assert router.promises['risk']['loss'] == 'votes'
    assert router.info['split_seed'] == 3
    assert router.info['num_images'] == 40
    assert not (tmp_path / 'router.json').exists()


@pytest.mark.parametrize('split', ['train', 'test'])
def test_refuses_images_of_another_split(run_tool, tiny_config_file,
                                         predictions, tmp_path, split):
    dataset = 'dataset.dataset' if split == 'test' else 'dataset'
    config = tmp_path / 'overlap.py'
    config.write_text(f'_base_ = {str(tiny_config_file)!r}\n')
    with pytest.raises(ValueError, match=rf'40 of 120 .* {split} split '
                       r'\(first: val/000000'):
        calibrate(run_tool, config, predictions, '--cfg-options',
                  f'{split}_dataloader.{dataset}.split=val',
                  f'{split}_dataloader.{dataset}.num_images=40')


def test_refuses_predictions_of_other_images(run_tool, tiny_config_file,
                                             predictions):
    with pytest.raises(ValueError, match='20 images are not in the cal'):
        calibrate(run_tool, tiny_config_file, predictions, '--cfg-options',
                  'val_dataloader.dataset.num_images=100')


@pytest.mark.parametrize('args, message', [
    (['--alpha', '.01'], r'at least 230 calibration images \(found 120\)'),
    (['--alpha', '2'], 'alpha is 2.0; expected a share'),
    (['--score', 'density'], "by the channel 'density'"),
])
def test_what_cannot_be_kept_is_not_written(run_tool, tiny_config_file,
                                            predictions, args, message):
    with pytest.raises((KeyError, ValueError), match=message):
        calibrate(run_tool, tiny_config_file, predictions, *args)
    assert not predictions.with_name('router.json').exists()


def test_no_validation_split(run_tool, tiny_config_file, predictions,
                             tmp_path):
    config = tmp_path / 'no_val.py'
    config.write_text(f'_base_ = {str(tiny_config_file)!r}\n'
                      'val_dataloader = val_cfg = val_evaluator = None\n')
    with pytest.raises(ValueError, match='no val_dataloader'):
        calibrate(run_tool, config, predictions)
