"""Uncertainty against a label distribution that is known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import entropy, pearsonr, spearmanr

from uar_mmpretrain.evaluation.functional import (
    decomposition_report,
    uncertainty_scores,
    vote_entropy,
)
from uar_mmpretrain.evaluation.functional.decomposition.truth_report import (
    truth_report,
)


@pytest.fixture(scope='module')
def known(table):
    """The table with a truth near the shares of the votes, without ties."""
    ids, image = np.unique(table.image_id, return_inverse=True)
    noise = np.random.default_rng(0).uniform(.1, 1, size=(len(ids), 4))
    shares = table.votes + noise[image]
    return replace(table, truth=shares / shares.sum(1, keepdims=True))


def test_equals_scipy(known):
    clean = known.clean()
    true = entropy(clean.truth, axis=1)
    found = truth_report(known, uncertainty_scores(known), True, 30, 0)
    assert not found.notes
    figures = {**found.values, **found.details}
    scores = {'aleatoric': clean.decompose().aleatoric,
              'total': clean.decompose().total,
              'vote_entropy': vote_entropy(clean.votes)}
    for name, score in scores.items():
        expected = dict(spearman=spearmanr(score, true).statistic,
                        pearson=pearsonr(score, true).statistic,
                        mae=np.abs(score - true).mean(),
                        bias=(score - true).mean())
        for figure, value in expected.items():
            key = f'{figure}_{name}_truth'
            assert figures[key] == pytest.approx(value)
            assert figures[f'{key}_low'] < value < figures[f'{key}_high']


def test_a_perfect_model(known):
    perfect = replace(known, member_scores=np.repeat(
        known.truth[:, None], 3, 1))
    found = truth_report(perfect, uncertainty_scores(perfect), True, 10, 0)
    assert found.values['spearman_aleatoric_truth'] == pytest.approx(
        1, abs=1e-3)
    assert found.values['mae_aleatoric_truth'] == pytest.approx(0, abs=1e-6)
    assert found.details['mae_vote_entropy_truth'] > .01
    assert found.details['bias_vote_entropy_truth'] < 0


def test_the_headline_of_a_report(known):
    found = decomposition_report(known, num_resamples=10)
    assert {'spearman_aleatoric', 'spearman_aleatoric_truth',
            'mae_aleatoric_truth_low'} <= set(found.values)
    assert 'bias_total_truth' in found.details


def test_other_kinds_have_no_error_in_nats(known):
    found = decomposition_report(known, 'variance', num_resamples=10)
    assert 'spearman_aleatoric_truth' in found.values
    assert 'mae_aleatoric_truth' not in found.values
    # Votes are in nats whatever the decomposition.
    assert 'mae_vote_entropy_truth' in found.details


def test_without_votes(known):
    found = truth_report(replace(known, votes=None),
                         uncertainty_scores(known), True, 10, 0)
    assert 'spearman_aleatoric_truth' in found.values
    assert not any('vote_entropy' in key for key in found.details)


def test_without_truth(table):
    with pytest.raises(ValueError, match='drawn faces only'):
        truth_report(table, uncertainty_scores(table), True, 10, 0)
    found = decomposition_report(table, num_resamples=10)
    assert not any('truth' in key for key in {**found.values, **found.notes})
