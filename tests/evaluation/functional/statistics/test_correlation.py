"""Spearman: equal to scipy in every replicate, ties and all."""

import numpy as np
import pytest
from scipy.stats import bootstrap, pearsonr, spearmanr

from uar_mmpretrain.evaluation.functional import (
    bonett_wright,
    resample_counts,
    spearman,
)
from uar_mmpretrain.evaluation.functional.statistics.correlation import pearson


def tied(n, seed=0, decimals=0):
    rng = np.random.default_rng(seed)
    first = rng.normal(size=n)
    return np.round(first, decimals), np.round(first + rng.normal(size=n))


@pytest.mark.parametrize('decimals', [0, 8])
def test_equals_scipy(decimals):
    first, second = tied(200, decimals=decimals)
    found = spearman(first, second, num_resamples=1)
    assert found.rho == spearmanr(first, second).statistic
    assert found.num_images == 200


def scipy_replicates(statistic, first, second, num_resamples, seed):
    """scipy draws the same images from the same generator."""
    return bootstrap(
        (first, second), lambda x, y: statistic(x, y).statistic,
        n_resamples=num_resamples, paired=True, vectorized=False,
        method='percentile', random_state=np.random.default_rng(seed))


@pytest.mark.parametrize('ours, theirs', [
    (lambda *a: spearman(*a).estimate, spearmanr), (pearson, pearsonr)])
def test_equals_the_bootstrap_of_scipy(ours, theirs):
    first, second = tied(50)
    found = ours(first, second, 60, 7)
    reference = scipy_replicates(theirs, first, second, 60, 7)
    assert found.value == pytest.approx(theirs(first, second).statistic)
    np.testing.assert_allclose(found.replicates,
                               reference.bootstrap_distribution)
    assert found.interval == pytest.approx(reference.confidence_interval)


def test_pearson_by_image():
    first, second = tied(60, decimals=8)
    image = np.repeat(np.arange(20), 3)
    found = pearson(first, second, 10, 2, image)
    counts = np.concatenate(list(resample_counts(20, 10, 2)))
    for value, count in zip(found.replicates, counts):
        drawn = np.repeat(np.arange(60), count[image])
        assert value == pytest.approx(
            pearsonr(first[drawn], second[drawn]).statistic)


def test_every_replicate_equals_scipy():
    first, second = tied(40)
    found = spearman(first, second, 25, seed=3).estimate.replicates
    counts = np.concatenate(list(resample_counts(40, 25, 3)))
    for value, count in zip(found, counts):
        drawn = np.repeat(np.arange(40), count)
        assert value == pytest.approx(
            spearmanr(first[drawn], second[drawn]).statistic)


def test_row_order_does_not_move_tied_ranks():
    first, second = tied(500)
    order = np.random.default_rng(1).permutation(500)
    assert spearman(first[order], second[order], 1).rho == pytest.approx(
        spearman(first, second, 1).rho, abs=1e-12)


def test_published_interval():
    # uar.md 2.4: rho 0.66 on 3 474 images.
    assert bonett_wright(.66, 3474) == pytest.approx((.639, .680), abs=5e-4)


def test_bootstrap_agrees_with_the_closed_form():
    found = spearman(*tied(800, decimals=8), num_resamples=2000)
    assert found.interval == pytest.approx(found.closed_form, abs=.015)
    assert found.interval.low < found.rho < found.interval.high


def test_sign_and_perfect_correlation():
    values = np.arange(10.)
    assert spearman(values, -values, 5).rho == pytest.approx(-1)
    assert spearman(values, values**3, 5).closed_form == pytest.approx(
        (1, 1))


def test_infinite_scores_have_a_rank():
    found = spearman([1., 2., 3., np.inf], [1., 2., 3., 4.], 5)
    assert found.rho == pytest.approx(1)


@pytest.mark.parametrize('first, second, message', [
    ([1, 2, 3], [1, 2, 3], '3 images.*at least 4'),
    ([1, 2, 3, 4], [1, 2, 3], 'one value per image'),
    ([1, 2, 3, np.nan], [1, 2, 3, 4], 'first score is NaN for 1 image'),
    ([1, 2, 3, 4], [2, 2, 2, 2], r'second score is the same.*\(2\)'),
])
def test_refuses(first, second, message):
    with pytest.raises(ValueError, match=message):
        spearman(first, second)


def test_closed_form_of_a_perfect_correlation_is_a_point():
    assert bonett_wright(-1., 10) == (-1, -1)


def test_closed_form_needs_four_images():
    with pytest.raises(ValueError, match='3 images'):
        bonett_wright(.5, 3)
