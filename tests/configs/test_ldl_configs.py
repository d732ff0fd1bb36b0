"""The LDL configs: a member of the ensemble, and what trains beside it."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmpretrain.registry import HOOKS, METRICS

from uar_mmpretrain.engine.comparison.scores import (
    ChosenScores,
    chosen_scores,
)
from uar_mmpretrain.engine.runners.member_config import (
    fingerprint,
    member_config,
)
from uar_mmpretrain.models.channels import FeatureTaps, build_channels

CONFIGS = Path(__file__).parents[2] / 'configs'
LDL = sorted((CONFIGS / 'ldl').glob('*.py'))


@pytest.fixture(params=LDL, ids=lambda path: path.stem)
def path_of(request):
    """A config and where it is from."""
    return request.param, Config.fromfile(request.param)


@pytest.fixture
def cfg(path_of):
    return path_of[1]


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


def test_each_trains_one_network(path_of):
    """An ordinary training, or an ensemble of one that fits a density."""
    path, cfg = path_of
    assert cfg.get('ensemble', dict(num_members=1))['num_members'] == 1
    assert ('ensemble' in cfg) is ('density' in path.stem)
    assert cfg.get('runner_type') == (
        'EnsembleRunner' if 'ensemble' in cfg else None)
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


# What rejects, and what is held against the votes.
SCORES = {
    'dirichlet': ChosenScores('dirichlet_epistemic', 'dirichlet_aleatoric'),
    'ldl-density': ChosenScores('density'),
    # An ensemble does not hand on what the second heads of members predict.
    'ldl-entropy-density': ChosenScores('density'),
    'ldl-entropy': ChosenScores(aleatoric='predicted_vote_entropy'),
}


def test_each_is_judged_by_its_own_scores(path_of):
    path, cfg = path_of
    expected = SCORES.get(path.stem.split('_')[1], ChosenScores())
    assert chosen_scores(cfg) == expected
    if 'ensemble' in cfg:
        # The router of the training rejects by the score of the test.
        assert cfg.ensemble.score == expected.rejecting


@pytest.mark.parametrize(
    'path', [path for path in LDL if 'density' in path.stem],
    ids=lambda path: path.stem)
def test_a_density_has_its_name_and_its_layers(path, build_network):
    cfg = Config.fromfile(path)
    channels = build_channels(cfg.ensemble.channels)
    assert [one.name for one in channels.channels] == ['density']
    FeatureTaps([build_network(cfg.model)], channels.layers)


@pytest.mark.parametrize('ldl, ensemble', [
    ('ldl/resnet-48px_ldl_ferplus', 'uar/resnet-48px_ens-16e_ferplus'),
    ('ldl/dinov2-tiny_ldl_synthetic', 'uar/dinov2-tiny_ens_synthetic'),
    ('ldl/dinov2_ldl_ferplus', 'uar/dinov2_ens_ferplus'),
    ('ldl/resnet-48px_ldl-density_ferplus', 'uar/resnet-48px_ens-16e_ferplus'),
    ('ldl/dinov2-tiny_ldl-density_synthetic',
     'uar/dinov2-tiny_ens_synthetic'),
    ('ldl/resnet-48px_ldl-entropy-density_ferplus',
     'ldl/resnet-48px_ldl-entropy_ferplus'),
    ('ldl/dinov2-tiny_ldl-entropy-density_synthetic',
     'ldl/dinov2-tiny_ldl-entropy_synthetic'),
])
def test_the_baseline_is_a_member_of_the_ensemble(ldl, ensemble):
    """So that a member's checkpoint is the baseline trained with its seed."""
    found = []
    for name in (ldl, ensemble):
        cfg = Config.fromfile(CONFIGS / f'{name}.py',
                              import_custom_modules=False)
        cfg.work_dir = 'work_dirs/any'
        found.append(fingerprint(member_config(cfg, 0, seed=3)))
    assert found[0] == found[1]


@pytest.mark.parametrize('data, net', [('ferplus', 'resnet-48px'),
                                       ('synthetic', 'dinov2-tiny')])
def test_one_label_is_all_that_a_plain_network_differs_in(data, net):
    plain, ldl = (Config.fromfile(CONFIGS / 'ldl' / f'{net}_{kind}_{data}.py')
                  for kind in ('one-label', 'ldl'))
    assert plain.train_dataloader.dataset.pipeline.pop(-2) == dict(
        type='HardLabel')
    assert plain.to_dict() == ldl.to_dict()
