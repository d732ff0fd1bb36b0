"""The configs of MC-Dropout and MC-DropConnect, and their descriptions."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmpretrain.registry import HOOKS

from uar_mmpretrain.models import MCClassifier
from uar_mmpretrain.models.stochastic import stochastic_layers

CONFIGS = Path(__file__).parents[2] / 'configs'
FOLDERS = ('mc_dropout', 'mc_dropconnect')
FILES = [path for folder in FOLDERS
         for path in sorted((CONFIGS / folder).glob('*.py'))]
# The ensemble that is trained on the same recipe.
ENSEMBLES = {'ferplus': 'resnet-48px_ens-16e_ferplus',
             'rafdb': 'dinov2_ens_rafdb',
             'synthetic': 'dinov2-tiny_ens_synthetic'}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def cfg(path):
    return Config.fromfile(path)


@pytest.fixture
def model(cfg, build_network):
    return build_network(cfg.model)


def test_there_are_three_of_each():
    assert [path.parent.name for path in FILES] == [
        folder for folder in FOLDERS for _ in range(3)]


def test_the_recipe_is_that_of_the_ensembles_members(path, cfg):
    data = path.stem.split('_')[-1]
    ensemble = Config.fromfile(CONFIGS / 'uar' / f'{ENSEMBLES[data]}.py')
    for key in ('train_dataloader', 'val_dataloader', 'test_dataloader',
                'optim_wrapper', 'param_scheduler', 'train_cfg',
                'test_evaluator', 'data_preprocessor', 'custom_hooks',
                'randomness'):
        assert cfg[key] == ensemble[key], key
    network = {key: value for key, value in cfg.model.items()
               if key not in ('num_passes', 'stochastic_layers')}
    assert dict(network, type='ImageClassifier') == ensemble.model
    # An ordinary run of mmengine.
    assert 'runner_type' not in cfg and 'ensemble' not in cfg
    for hook in cfg.custom_hooks:
        HOOKS.build(hook)


def test_stochastic_layers(path, cfg, model):
    assert isinstance(model, MCClassifier) and model.num_passes == 50
    layers = stochastic_layers(model)
    kinds = {type(layer).__name__.removesuffix('Linear').removesuffix(
        'Conv2d').removeprefix('MC') for layer in layers.values()}
    assert kinds == {path.parent.name.split('_')[1].replace(
        'drop', 'Drop').replace('connect', 'Connect')}
    assert 'head.fcs.0' in layers and len(layers) in (3, 5)
    assert {layer.p for layer in layers.values()} == {.2}
    # At the end of the backbone: most of it runs once.
    backbone = model.backbone
    blocks = getattr(backbone, 'layers', None) or backbone.layer4
    untouched = blocks[0] if 'ResNet' in cfg.model.backbone.type else \
        blocks[:len(blocks) // 2]
    assert not stochastic_layers(untouched)


def test_the_model_gives_logits_for_the_configs_images(cfg, model):
    side = cfg.model.backbone.get('img_size', 48)
    device = next(model.parameters()).device
    # No generator makes numbers without storage.
    model.num_passes = 1 if device.type == 'meta' else 2
    with torch.no_grad():
        logits = model(torch.zeros(2, 3, side, side, device=device))
    assert logits.shape == (2, model.num_passes, cfg.model.head.num_classes)


def test_the_config_is_described(path, cfg, model, described):
    found = described(path, cfg)
    assert found['Stochastic Passes'] == cfg.model.num_passes
    assert found['Parameters'] == sum(p.numel() for p in model.parameters())
