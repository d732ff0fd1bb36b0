"""The DMUE configs: the ensemble members' recipe, and their descriptions."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmpretrain.registry import HOOKS, METRICS

from uar_mmpretrain.models import DMUEClassifier

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / 'configs' / 'dmue'
FILES = sorted(FOLDER.glob('*.py'))
DMUE = [path for path in FILES if '_dmue_' in path.name]
ENSEMBLES = {'ferplus': 'resnet-48px_ens-16e_ferplus',
             'rafdb': 'dinov2_ens_rafdb',
             'synthetic': 'dinov2-tiny_ens_synthetic'}


def stem(path):
    return path.stem


def test_there_are_configs():
    assert {path.stem for path in DMUE} >= {
        'resnet-48px_dmue_ferplus', 'dinov2_dmue_rafdb',
        'dinov2-tiny_dmue_synthetic', 'dinov2_dmue_noise20_rafdb',
        'resnet-48px_dmue_noise20_ferplus'}


@pytest.mark.parametrize('path', FILES, ids=stem)
def test_readme_and_metafile_agree_with_the_config(path, build_network,
                                                   described):
    cfg = Config.fromfile(path)
    assert described(path, cfg)['Parameters'] == sum(
        p.numel() for name, p in build_network(cfg.model).named_parameters()
        if not name.startswith(('auxiliary.', 'confidence.')))


@pytest.mark.parametrize('path', FILES, ids=stem)
def test_data_and_tests_are_those_of_the_ensembles_members(path):
    cfg = Config.fromfile(path)
    name = ENSEMBLES[path.stem.split('_')[-1]]
    ensemble = Config.fromfile(ROOT / 'configs' / 'uar' / f'{name}.py')
    for key in ('val_dataloader', 'test_dataloader', 'train_cfg',
                'param_scheduler', 'test_evaluator', 'data_preprocessor',
                'custom_hooks', 'randomness'):
        assert cfg[key] == ensemble[key], key
    assert cfg.model.backbone == ensemble.model.backbone
    train = cfg.train_dataloader.dataset
    if 'noise' in path.stem:
        assert (train.type, train.fraction) == ('NoisyLabels', .2)
        train = train.dataset
    if 'plain' in path.stem and 'rafdb' not in path.stem:
        # votes are more than DMUE learns from
        assert train.pipeline.pop(-2).type == 'HardLabel'
    assert train == ensemble.train_dataloader.dataset
    assert 'runner_type' not in cfg and 'ensemble' not in cfg


@pytest.mark.parametrize('path', DMUE, ids=stem)
def test_model_and_metrics_build(path, build_network):
    cfg = Config.fromfile(path)
    model = build_network(cfg.model)
    assert isinstance(model, DMUEClassifier)
    side = cfg.model.backbone.get('img_size', 48)
    images = torch.zeros(2, 3, side, side,
                         device=next(model.parameters()).device)
    with torch.no_grad():
        assert model(images).shape == (2, 1, cfg.model.head.num_classes)
    assert cfg.model.head.num_classes == cfg.data_preprocessor.num_classes
    for evaluator in (*cfg.val_evaluator, *cfg.test_evaluator):
        METRICS.build(evaluator)
    for hook in cfg.custom_hooks:
        HOOKS.build(hook)


@pytest.mark.parametrize('path', DMUE, ids=stem)
def test_batches_have_two_of_every_class(path):
    cfg = Config.fromfile(path)
    loader = cfg.train_dataloader
    assert loader.batch_sampler.type == 'BalancedMinCountSampler'
    # torch refuses it beside a batch sampler.
    assert not loader.drop_last
    assert loader.batch_size >= 2 * cfg.model.head.num_classes
    assert cfg.model.ramp_epochs < cfg.train_cfg.max_epochs


@pytest.mark.parametrize('data', ['ferplus', 'rafdb', 'synthetic'])
def test_noisy_labels_have_a_plain_comparator(data):
    dmue, = FOLDER.glob(f'*_dmue_noise20_{data}.py')
    plain = Config.fromfile(dmue.with_name(dmue.name.replace('dmue', 'plain')))
    expected = Config.fromfile(dmue).train_dataloader.dataset
    if data != 'rafdb':
        # votes are more than the one class DMUE learns from
        expected.dataset.pipeline.insert(-1, dict(type='HardLabel'))
    assert plain.train_dataloader.dataset == expected
    assert plain.model.type == 'ImageClassifier'
