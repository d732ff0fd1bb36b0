"""Means of resampled images, and the interval of a biased estimate."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional.calibration.calibration_error import (  # noqa: E501
    bin_index,
    equal_width_edges,
)
from uar_mmpretrain.evaluation.functional.statistics.mean_bootstrap import (
    mean_replicates,
    reflected_interval,
)


def test_replicates_have_the_known_spread():
    values = np.random.default_rng(0).normal(3, 2, size=(400, 2))
    drawn = mean_replicates(values, 4000, seed=1)
    assert drawn.shape == (4000, 2)
    np.testing.assert_allclose(drawn.mean(0), values.mean(0), atol=.01)
    np.testing.assert_allclose(drawn.std(0), values.std(0) / 20, rtol=.05)


def test_the_columns_share_their_draws():
    values = np.random.default_rng(0).normal(size=50)
    drawn = mean_replicates(np.column_stack([values, 1 - 2 * values]), 100)
    np.testing.assert_allclose(drawn[:, 1], 1 - 2 * drawn[:, 0])


def test_reflection_by_hand():
    replicates = np.linspace(.2, .4, 1001)
    low, high = reflected_interval(.25, replicates)
    assert low == pytest.approx(.5 - .395)
    assert high == pytest.approx(.5 - .205)
    assert reflected_interval(.1, replicates) == (0, 0)


def test_covers_the_true_calibration_error():
    """95% of the intervals should hold the truth; a few less is known.

    A confidence c is right with probability c - .05, so the true error is
    .05. Percentile intervals would hold it in less than half of the cases.
    """
    rng = np.random.default_rng(0)
    edges, num_images, covered = equal_width_edges(), 500, []
    for seed in range(100):
        confidence = .3 + .7 * rng.random(num_images)
        correct = rng.random(num_images) < confidence - .05
        gaps = np.zeros((num_images, 15))
        gaps[np.arange(num_images), bin_index(confidence, edges)] = (
            correct - confidence)
        drawn = np.abs(mean_replicates(gaps, 200, seed)).sum(1)
        low, high = reflected_interval(np.abs(gaps.mean(0)).sum(), drawn)
        covered.append(low <= .05 <= high)
    assert np.mean(covered) > .8
