"""Sorted scores under weights, against plain repetition and sorting."""

import math

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional.statistics.ranked_scores import (
    RankedScores,
)


@pytest.fixture(params=[1, 9])
def rows(request):
    """Scores of 40 rows of 10 images, with ties and without."""
    rng = np.random.default_rng(0)
    return np.round(rng.normal(size=40), request.param), np.arange(40) % 10


COUNTS = np.random.default_rng(1).multinomial(10, np.full(10, .1), size=6)


def test_counts_are_those_of_repeated_rows(rows):
    scores, image = rows
    ranked = RankedScores.sort(scores, image)
    tau = np.quantile(scores, [[.2, .5, .9]] * 6)
    found = ranked.kept(tau, COUNTS)
    for counts, row in zip(COUNTS, found):
        repeated = np.repeat(scores, counts[image])
        assert row.tolist() == [(repeated <= t).sum() for t in tau[0]]


def test_thresholds_lie_between_the_ranks(rows):
    scores, image = rows
    ranked = RankedScores.sort(scores, image)
    # Of 40 rows 0.33 are 13.2: rounded up, as fewer would be a lower rate.
    rates = np.array([.1, .33, .35, .5, .9])
    found = ranked.thresholds(ranked.cumulate(COUNTS), rates)
    for counts, row in zip(COUNTS, found):
        falling = np.sort(np.repeat(scores, counts[image]))[::-1]
        for rate, tau in zip(rates, row):
            k = math.ceil(round(rate * len(falling), 9))
            assert tau == (falling[k - 1] + falling[k]) / 2


def test_rejecting_everything():
    ranked = RankedScores(np.array([1., 2.]), np.arange(2))
    tau = ranked.thresholds(np.array([[0, 1, 2]]), np.array([1.]))
    assert tau[0, 0] == np.nextafter(1, 0)


def test_chosen_images_keep_their_rows_in_order(rows):
    scores, image = rows
    chosen = np.arange(10) % 3 == 0
    found = RankedScores.sort(scores, image).of(chosen)
    assert found.scores.tolist() == sorted(scores[chosen[image]])
    assert set(found.image) == {0, 3, 6, 9}
