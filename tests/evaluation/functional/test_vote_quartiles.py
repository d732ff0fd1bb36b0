"""Quarters of ambiguity with ties and without votes."""

import numpy as np

from uar_mmpretrain.evaluation.functional.vote_quartiles import (
    vote_quartiles,
)


def test_equal_quarters():
    entropy = np.random.default_rng(0).permutation(np.arange(40.))
    found = vote_quartiles(entropy)
    np.testing.assert_array_equal(found, 1 + entropy // 10)


def test_ties_stay_together_below():
    entropy = np.array([0, 0, 0, 0, .3, .3, .5, .7])
    assert vote_quartiles(entropy).tolist() == [1, 1, 1, 1, 3, 3, 4, 4]


def test_without_votes():
    assert vote_quartiles([np.nan, .1, np.nan, .9]).tolist() == [0, 1, 0, 4]
    assert vote_quartiles([np.nan]).tolist() == [0]
