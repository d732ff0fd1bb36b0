"""Distances by hand, against scipy, and their bounds."""

import numpy as np
import pytest
from scipy.spatial import distance
from scipy.stats import entropy

from uar_mmpretrain.evaluation.functional.calibration.distribution_distances import (  # noqa: E501
    canberra,
    chebyshev,
    clark,
    cosine_similarity,
    intersection,
    jensen_shannon,
    kl_divergence,
    squared_error,
    total_variation,
    vote_shares,
)

ALL = (canberra, chebyshev, clark, cosine_similarity, intersection,
       jensen_shannon, kl_divergence, squared_error, total_variation)
SIMILARITIES = (cosine_similarity, intersection)


@pytest.fixture
def pairs():
    """Vote shares with many zeros, and predictions."""
    rng = np.random.default_rng(0)
    votes = rng.multinomial(10, rng.dirichlet(np.full(8, .3), size=50))
    return votes / 10, rng.dirichlet(np.full(8, .5), size=50)


@pytest.mark.parametrize('measure, expected', [
    (kl_divergence, .224466), (jensen_shannon, .075174), (chebyshev, .2),
    (clark, 1.014235), (canberra, 1.233766), (cosine_similarity, .944835),
    (intersection, .8), (total_variation, .2), (squared_error, .06),
])
def test_by_hand(measure, expected):
    found = measure([[.6, .4, 0]], [[.5, .3, .2]])
    assert found == pytest.approx([expected], abs=1e-6)


@pytest.mark.parametrize('measure, peer', [
    (kl_divergence, entropy),
    (jensen_shannon, lambda q, p: distance.jensenshannon(q, p)**2),
    (chebyshev, distance.chebyshev),
    (canberra, distance.canberra),
    (cosine_similarity, lambda q, p: 1 - distance.cosine(q, p)),
    (squared_error, distance.sqeuclidean),
    (total_variation, lambda q, p: distance.cityblock(q, p) / 2),
    (intersection, lambda q, p: 1 - distance.cityblock(q, p) / 2),
])
def test_equals_scipy(pairs, measure, peer):
    expected = [peer(q, p) for q, p in zip(*pairs)]
    np.testing.assert_allclose(measure(*pairs), expected, atol=1e-12)


@pytest.mark.parametrize('measure', ALL)
def test_equal_distributions(pairs, measure):
    expected = 1. if measure in SIMILARITIES else 0.
    np.testing.assert_allclose(measure(pairs[0], pairs[0]), expected,
                               atol=1e-12)


@pytest.mark.parametrize('measure', [m for m in ALL if m != kl_divergence])
def test_symmetric(pairs, measure):
    np.testing.assert_allclose(measure(*pairs), measure(*pairs[::-1]),
                               atol=1e-12)


@pytest.mark.parametrize('measure, farthest', [
    (canberra, 2), (chebyshev, 1), (clark, 2**.5), (cosine_similarity, 0),
    (intersection, 0), (jensen_shannon, np.log(2)),
    (kl_divergence, np.log(1e12)), (squared_error, 2), (total_variation, 1),
])
def test_nothing_in_common_is_the_far_end_and_finite(measure, farthest):
    # The third class has nothing on either side.
    found = measure([[1, 0, 0]], [[0, 1, 0]])
    assert found == pytest.approx([farthest])


@pytest.mark.parametrize('target, predicted, message', [
    ([[.5, .5]], [[.5, .25, .25]], r'\(1, 2\) and predictions \(1, 3\)'),
    ([.5, .5], [.5, .5], r'expected \(N, C\)'),
    ([[.5, .5], [6, 4]], [[.5, .5], [.5, .5]], 'target 1 is .6.0, 4.0'),
    ([[.5, .5]], [[1.5, -.5]], 'prediction 0'),
    ([[.5, .5]], [[np.nan, 1]], 'prediction 0'),
])
def test_refuses(target, predicted, message):
    with pytest.raises(ValueError, match=message):
        total_variation(target, predicted)


def test_vote_shares():
    np.testing.assert_array_equal(vote_shares([[3, 1], [0, 5]]),
                                  [[.75, .25], [0, 1]])
    with pytest.raises(ValueError, match='1 of 2 images have no votes'):
        vote_shares([[3, 1], [0, 0]])
