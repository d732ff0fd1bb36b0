"""The config that evaluates an ensemble."""

from pathlib import Path

import pytest

from uar_mmpretrain.engine.runners.ensemble_config import ensemble_config


def kinds(cfg, split='test'):
    found = ensemble_config(cfg, 2, Path('ensemble.pth'), split)
    return found.model.kind, [metric.get('kind')
                              for metric in found[f'{split}_evaluator']]


@pytest.mark.parametrize('split', ['val', 'test'])
def test_metrics_decompose_as_the_model_does(tiny_config, split):
    tiny_config.ensemble.kind = 'variance'
    tiny_config[f'{split}_evaluator'] = [
        dict(type='DecompositionMetric'),
        dict(type='RoutingMetric', kind='pairwise_kl'),
        # knows nothing of kinds
        dict(type='Accuracy'), dict(type='mmpretrain.Accuracy')]
    assert kinds(tiny_config, split) == (
        'variance', ['variance', 'pairwise_kl', None, None])


def test_entropy_is_the_default(tiny_config):
    tiny_config.test_evaluator = [dict(type='DecompositionMetric')]
    assert kinds(tiny_config) == ('entropy', ['entropy'])
