"""The LDL configs: a member of the ensemble, and what trains beside it."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmpretrain.registry import HOOKS, METRICS

from uar_mmpretrain.engine.runners.member_config import (
    fingerprint,
    member_config,
)

CONFIGS = Path(__file__).parents[2] / 'configs'
LDL = sorted((CONFIGS / 'ldl').glob('*.py'))


@pytest.fixture(params=LDL, ids=lambda path: path.stem)
def cfg(request):
    return Config.fromfile(request.param)


def test_there_are_configs():
    assert len(LDL) >= 6


@pytest.mark.parametrize('path', LDL, ids=lambda path: path.stem)
def test_readme_and_metafile_agree_with_the_config(path, build_network,
                                                   described):
    cfg = Config.fromfile(path)
    needed = sum(
        p.numel() for name, p in build_network(cfg.model).named_parameters()
        if 'neighbour_targets' not in name)
    assert described(path, cfg)['Parameters'] == needed


def test_each_is_an_ordinary_training(cfg):
    assert 'runner_type' not in cfg and 'ensemble' not in cfg
    assert 'uar_mmpretrain' in cfg.custom_imports.imports


def test_model_metrics_and_hooks_build(cfg, build_network):
    head = cfg.model.head.get('head', cfg.model.head)
    model = build_network(cfg.model)
    side = cfg.model.backbone.get('img_size', 48)
    images = torch.zeros(2, 3, side, side,
                         device=next(model.parameters()).device)
    with torch.no_grad():
        assert model(images).shape == (2, 1, head.num_classes)
    assert head.num_classes == cfg.data_preprocessor.num_classes
    for evaluator in (*cfg.val_evaluator, *cfg.test_evaluator):
        METRICS.build(evaluator)
    hooks = [type(HOOKS.build(hook)).__name__ for hook in cfg.custom_hooks]
    changing = head.type in ('ClassDistributionHead', 'NeighbourHead')
    assert ('EpochTargetsHook' in hooks) is changing


def test_a_dirichlet_rejects_by_its_own_score(cfg):
    routing, = (metric for metric in cfg.test_evaluator
                if metric.type == 'RoutingMetric')
    dirichlet = cfg.model.head.type == 'DirichletHead'
    assert routing.get('score', 'epistemic') == (
        'dirichlet_epistemic' if dirichlet else 'epistemic')


@pytest.mark.parametrize('ldl, ensemble', [
    ('resnet-48px_ldl_ferplus', 'resnet-48px_ens_ferplus'),
    ('dinov2-tiny_ldl_synthetic', 'dinov2-tiny_ens_synthetic'),
    ('dinov2_ldl_ferplus', 'dinov2_ens_ferplus'),
])
def test_the_baseline_is_a_member_of_the_ensemble(ldl, ensemble):
    """So that a member's checkpoint is the baseline trained with its seed."""
    found = []
    for name in (f'ldl/{ldl}.py', f'uar/{ensemble}.py'):
        cfg = Config.fromfile(CONFIGS / name, import_custom_modules=False)
        cfg.work_dir = 'work_dirs/any'
        found.append(fingerprint(member_config(cfg, 0, seed=3)))
    assert found[0] == found[1]
