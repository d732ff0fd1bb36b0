"""The DMUE configs: the ensemble members' recipe, and their descriptions."""

from pathlib import Path

import pytest
import torch
import yaml
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpretrain.registry import HOOKS, METRICS, MODELS

from uar_mmpretrain.models import DMUEClassifier

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / 'configs' / 'dmue'
FILES = sorted(FOLDER.glob('*.py'))
DMUE = [path for path in FILES if '_dmue_' in path.name]
ENSEMBLES = {'ferplus': 'resnet-48px_ens_ferplus',
             'rafdb': 'dinov2_ens_rafdb',
             'synthetic': 'dinov2-tiny_ens_synthetic'}


def load(path):
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return Config.fromfile(path)


def build(cfg):
    """The config's network with random weights, nothing downloaded."""
    cfg.model.backbone.pop('init_cfg', None)
    # No storage for a transformer; mmpretrain's ResNet needs some.
    device = 'cpu' if 'ResNet' in cfg.model.backbone.type else 'meta'
    with DefaultScope.overwrite_default_scope('mmpretrain'), \
            torch.device(device):
        return MODELS.build(cfg.model).eval()


def stem(path):
    return path.stem


def test_there_are_configs():
    assert {path.stem for path in DMUE} >= {
        'resnet-48px_dmue_ferplus', 'dinov2_dmue_rafdb',
        'dinov2-tiny_dmue_synthetic', 'dinov2_dmue_noise20_rafdb'}


@pytest.mark.parametrize('path', FILES, ids=stem)
def test_readme_and_metafile_agree_with_the_config(path):
    cfg = load(path)
    assert f'({path.name})' in (FOLDER / 'README.md').read_text()
    metafile = yaml.safe_load((FOLDER / 'metafile.yml').read_text())
    found, = (m for m in metafile['Models'] if m['Name'] == path.stem)
    assert found['Config'] == path.relative_to(ROOT).as_posix()
    told = found['Metadata']
    assert told['Epochs'] == cfg.train_cfg.max_epochs
    assert told['Batch Size'] == cfg.train_dataloader.batch_size
    assert told['Parameters'] == sum(
        p.numel() for name, p in build(cfg).named_parameters()
        if not name.startswith(('auxiliary.', 'confidence.')))


@pytest.mark.parametrize('path', FILES, ids=stem)
def test_data_and_tests_are_those_of_the_ensembles_members(path):
    cfg = load(path)
    name = ENSEMBLES[path.stem.split('_')[-1]]
    ensemble = load(ROOT / 'configs' / 'uar' / f'{name}.py')
    for key in ('val_dataloader', 'test_dataloader', 'train_cfg',
                'param_scheduler', 'test_evaluator', 'data_preprocessor',
                'custom_hooks', 'randomness'):
        assert cfg[key] == ensemble[key], key
    assert cfg.model.backbone == ensemble.model.backbone
    train = cfg.train_dataloader.dataset
    if 'noise' in path.stem:
        assert (train.type, train.fraction) == ('NoisyLabels', .2)
        train = train.dataset
    assert train == ensemble.train_dataloader.dataset
    assert 'runner_type' not in cfg and 'ensemble' not in cfg


@pytest.mark.parametrize('path', DMUE, ids=stem)
def test_model_and_metrics_build(path):
    cfg = load(path)
    model = build(cfg)
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
    cfg = load(path)
    loader = cfg.train_dataloader
    assert loader.batch_sampler.type == 'BalancedMinCountSampler'
    # torch refuses it beside a batch sampler.
    assert not loader.drop_last
    assert loader.batch_size >= 2 * cfg.model.head.num_classes
    assert cfg.model.ramp_epochs < cfg.train_cfg.max_epochs


@pytest.mark.parametrize('data', ['rafdb', 'synthetic'])
def test_noisy_labels_have_a_plain_comparator(data):
    dmue, = FOLDER.glob(f'*_dmue_noise20_{data}.py')
    plain = load(dmue.with_name(dmue.name.replace('dmue', 'plain')))
    assert plain.train_dataloader.dataset == load(
        dmue).train_dataloader.dataset
    assert plain.model.type == 'ImageClassifier'
