"""Heads of the LDL baseline in an ordinary training and test."""

import pytest
import torch
from mmengine.runner import Runner

from uar_mmpretrain.models.targets import EpochTargets

# A head, and what an epoch replaces or trains in its targets.
HARD = [
    (dict(type='ClassDistributionHead', threshold=.01), ['table']),
    (dict(type='NeighbourHead', num_images=48, num_neighbours=4),
     ['features', 'scores', 'label_logits', 'calibration.0.weight']),
]


@pytest.fixture
def train(tiny_config):
    """Train two epochs on drawn faces with a head; return the runner."""

    def run(head, hooks=()):
        cfg = tiny_config
        cfg.pop('runner_type')
        cfg.pop('ensemble')
        cfg.model.head = dict(head, num_classes=8, in_channels=32)
        cfg.train_dataloader.update(num_workers=0, persistent_workers=False)
        cfg.train_cfg.max_epochs = 2
        cfg.test_dataloader.dataset.severities = [5]
        cfg.custom_hooks = [*cfg.custom_hooks, *hooks]
        cfg.val_dataloader = cfg.val_evaluator = cfg.val_cfg = None
        runner = Runner.from_cfg(cfg)
        runner.train()
        return runner

    return run


@pytest.mark.parametrize('head, numbers', HARD, ids=['classes', 'neighbours'])
def test_targets_without_votes(train, head, numbers, tmp_path):
    runner = train(head, [dict(type='EpochTargetsHook')])
    name, = (name for name, module in runner.model.named_modules()
             if isinstance(module, EpochTargets))
    first, last = (
        torch.load(tmp_path / 'work' / f'epoch_{epoch}.pth',
                   weights_only=False)['state_dict'] for epoch in (1, 2))
    for key in numbers:
        assert not torch.equal(first[f'{name}.{key}'], last[f'{name}.{key}'])


@pytest.mark.parametrize('head, numbers', HARD, ids=['classes', 'neighbours'])
def test_without_the_hook_they_refuse(train, head, numbers):
    with pytest.raises(ValueError, match='EpochTargetsHook'):
        train(head)


def test_a_dirichlet_is_tested_and_its_score_routes(train):
    metrics = train(dict(type='DirichletHead')).test()
    assert {'routing/retention_dirichlet_epistemic',
            'routing/retention_vacuity',
            'routing/retention_total'} <= metrics.keys()
    assert 'decomposition/spearman_aleatoric' in metrics
    assert not any('retention_epistemic' in key for key in metrics)
