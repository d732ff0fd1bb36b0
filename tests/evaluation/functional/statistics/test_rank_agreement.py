"""Orders of classes, with ties in the votes."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional.statistics.rank_agreement import (
    same_ranking,
    same_top_two,
)

VOTES, SCORES = [5, 3, 2, 0], [.5, .3, .15, .05]


@pytest.mark.parametrize('votes, scores, ranking, top_two', [
    (VOTES, SCORES, True, True),
    (VOTES, [.5, .3, .05, .15], False, True),
    (VOTES, [.3, .5, .15, .05], False, True),
    (VOTES, [.5, .1, .3, .1], False, False),
    # A prediction without an order has not found the one of the votes.
    (VOTES, [.25, .25, .25, .25], False, True),
    ([5, 5, 0, 0], [.3, .6, .02, .08], True, True),
    ([4, 3, 3, 0], [.5, .1, .3, .1], False, True),
    ([4, 3, 3, 0], [.5, .2, .3, 0], True, True),
    # All votes for one class: any other may come second, but not first.
    ([10, 0, 0, 0], [.7, .01, .2, .09], True, True),
    ([10, 0, 0, 0], [.3, .01, .6, .09], False, True),
    ([10, 0, 0, 0], [.2, .01, .5, .29], False, False),
    ([1, 1, 1, 1], [.1, .2, .3, .4], True, True),
])
def test_one_image(votes, scores, ranking, top_two):
    assert same_ranking([votes], [scores]).tolist() == [ranking]
    assert same_top_two([votes], [scores]).tolist() == [top_two]


def test_classes_in_another_order_change_nothing():
    rng = np.random.default_rng(0)
    votes = rng.multinomial(6, [.5, .3, .2, 0], size=200)
    scores = rng.dirichlet([5, 3, 2, .5], size=200)
    order = rng.permutation(4)
    for measure in (same_ranking, same_top_two):
        found = measure(votes, scores)
        assert 0 < found.mean() < 1
        np.testing.assert_array_equal(
            measure(votes[:, order], scores[:, order]), found)


def test_the_votes_themselves_agree():
    votes = np.random.default_rng(0).multinomial(10, [.4, .3, .2, .1], 50)
    assert same_ranking(votes, votes / 10).all()
    assert same_top_two(votes, votes / 10).all()
