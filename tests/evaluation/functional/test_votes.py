"""Vote entropy by hand, exact ties, and the ambiguous set."""

import numpy as np
import pytest
from scipy.stats import entropy

from uar_mmpretrain.evaluation.functional import (
    ambiguous_faces,
    vote_entropy,
)


@pytest.mark.parametrize('row, expected', [
    ((6, 4), .673012),
    ((5, 5), .693147),
    ((8, 2), .500402),
    ((9, 1), .325083),
    ((10, 0), 0.),
])
def test_hand_values(row, expected):
    assert vote_entropy([row])[0] == pytest.approx(expected, abs=1e-6)


def test_equals_scipy():
    votes = np.random.default_rng(0).integers(0, 9, size=(50, 8)) + 1
    np.testing.assert_allclose(vote_entropy(votes), entropy(votes, axis=1))


def test_no_votes_is_nan():
    found = vote_entropy([[0, 0], [3, 0]])
    assert np.isnan(found[0]) and found[1] == 0


def test_the_same_counts_tie_exactly_in_any_order():
    rng = np.random.default_rng(0)
    pattern = np.array([4, 3, 1, 1, 1, 0, 0, 0])
    votes = np.stack([rng.permutation(pattern) for _ in range(200)])
    assert len(np.unique(vote_entropy(votes))) == 1


@pytest.mark.parametrize('votes, message', [
    ([3, 1], r'shape \(2,\)'),
    ([[1, 1], [2, -1]], r'votes\[1\].*at least 0'),
    ([[np.nan, 1]], r'votes\[0\]'),
])
def test_refuses_what_is_no_vote(votes, message):
    with pytest.raises(ValueError, match=message):
        vote_entropy(votes)


def test_ambiguous_set_includes_ties_and_skips_unvoted():
    mask, cut = ambiguous_faces(np.array([0., .1, .5, .5, .5, np.nan]), .75)
    assert cut == .5
    assert mask.tolist() == [False, False, True, True, True, False]


@pytest.mark.parametrize('entropy, quantile, message', [
    ([np.nan, np.nan], .75, 'no image has votes'),
    ([.1, .2], 75, 'ambiguous_quantile is 75'),
])
def test_ambiguous_set_refuses(entropy, quantile, message):
    with pytest.raises(ValueError, match=message):
        ambiguous_faces(np.array(entropy), quantile)
