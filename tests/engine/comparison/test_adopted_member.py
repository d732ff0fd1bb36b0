"""A finished member becomes an ensemble of one, without a training."""

from pathlib import Path

import numpy as np
import pytest
import torch

from uar_mmpretrain.engine import EnsembleRunner
from uar_mmpretrain.engine.checkpoints import (
    read_checkpoint,
    write_checkpoint,
)
from uar_mmpretrain.engine.comparison.weights import adopt_member
from uar_mmpretrain.engine.runners.member_config import (
    fingerprint,
    member_config,
)
from uar_mmpretrain.evaluation.functional import (
    read_table,
    uncertainty_scores,
)
from uar_mmpretrain.routing import Router
from uar_mmpretrain.visualization.html_report.run import find_predictions


@pytest.fixture
def density_config(tiny_config):
    """One network that rejects by the density of its features."""
    tiny_config.ensemble = dict(
        num_members=1, score='density',
        channels=[dict(type='FeatureDensity',
                       layers=['input.spectrum', 'backbone.layer1'])])
    tiny_config.test_evaluator = [dict(
        type='RoutingMetric', num_resamples=5, score='density')]
    return tiny_config


@pytest.fixture
def member(untrained, density_config, tmp_path):
    """What a finished training of member 0 leaves."""
    content = read_checkpoint(untrained / 'member_0.pth')
    content['meta'].update(
        seed=0, fingerprint=fingerprint(member_config(density_config, 0, 0)))
    path = tmp_path / 'elsewhere' / 'member.pth'
    path.parent.mkdir()
    write_checkpoint(content, path)
    return path


def test_its_density_and_router_are_fitted(member, density_config):
    folder = Path(density_config.work_dir)
    adopt_member(member, folder)
    EnsembleRunner.from_cfg(density_config).train()
    assert not list(folder.rglob('epoch_*.pth'))
    weights = read_checkpoint(folder / 'ensemble.pth')['state_dict']
    for name, tensor in read_checkpoint(member)['state_dict'].items():
        assert torch.equal(weights[f'members.0.{name}'], tensor)
    assert Router.load(folder / 'router.json').score == 'density'
    density_config.load_from = str(folder / 'ensemble.pth')
    EnsembleRunner.from_cfg(density_config).test()
    table = read_table(find_predictions(folder))
    assert table.num_members == 1
    scores = uncertainty_scores(table)
    assert 'epistemic' not in scores
    # Pictures full of noise are unlike the training images.
    noisy = (table.corruption == 'gaussian_noise') & (table.severity == 5)
    assert np.median(scores['density'][noisy]) > np.median(
        scores['density'][table.is_clean])


def test_a_member_of_another_training_is_refused(member, density_config):
    density_config.optim_wrapper.optimizer.lr = 1.
    adopt_member(member, Path(density_config.work_dir))
    with pytest.raises(ValueError, match='finished with another config'):
        EnsembleRunner.from_cfg(density_config).train()
