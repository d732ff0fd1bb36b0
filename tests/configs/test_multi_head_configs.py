"""The multi-head configs: a member's recipe, and more classifiers."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config

CONFIGS = Path(__file__).parents[2] / 'configs'
FILES = sorted((CONFIGS / 'multi_head').glob('*.py'))
# The ensemble that is trained on the same recipe.
ENSEMBLES = {'ferplus': 'resnet-48px_ens-16e_ferplus',
             'synthetic': 'dinov2-tiny_ens_synthetic'}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def cfg(path):
    return Config.fromfile(path)


def test_there_is_one_for_each_data_set():
    assert {path.stem.split('_')[-1] for path in FILES} == set(ENSEMBLES)


def test_only_the_classifiers_tell_it_from_a_member(path, cfg):
    name = ENSEMBLES[path.stem.split('_')[-1]]
    ensemble = Config.fromfile(CONFIGS / 'uar' / f'{name}.py').to_dict()
    ensemble.pop('runner_type')
    options = ensemble.pop('ensemble')
    found = cfg.to_dict()
    assert found['model']['head'].pop('bootstrap') is True
    assert found['model']['head'].pop('num_members') == options['num_members']
    assert ensemble['model']['head'].pop('num_members') == 1
    assert found == ensemble


def test_every_classifier_gives_logits(cfg, build_network):
    model = build_network(cfg.model)
    side = cfg.model.backbone.get('img_size', 48)
    images = torch.zeros(2, 3, side, side,
                         device=next(model.parameters()).device)
    with torch.no_grad():
        logits = model(images)
    assert logits.shape == (2, cfg.model.head.num_members, 8)


def test_the_config_is_described(path, cfg, build_network, described):
    found = described(path, cfg)
    assert found['Heads'] == cfg.model.head.num_members
    assert found['Parameters'] == sum(
        p.numel() for p in build_network(cfg.model).parameters())
