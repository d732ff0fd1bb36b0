"""Rank correlations of many pairs on the same draws."""

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from uar_mmpretrain.evaluation.functional import resample_counts
from uar_mmpretrain.evaluation.functional.decomposition.rank_correlations import (  # noqa: E501
    RankCorrelations,
)


def scores(n=60, seed=0):
    """x and y share z; x ties."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    return dict(x=np.round(z + .5 * rng.normal(size=n), 1),
                y=z + .5 * rng.normal(size=n), z=z)


def partial_by_residuals(x, y, z):
    """Correlate what is left of ranks after a regression on those of z."""
    x, y, z = (rankdata(v) - rankdata(v).mean() for v in (x, y, z))
    x, y = (v - z * (v @ z) / (z @ z) for v in (x, y))
    return x @ y / np.sqrt(x @ x * (y @ y))


def drawn(values, num_resamples, seed, image=None):
    """Yield the same draws as lists of repeated rows."""
    n = len(values['x']) if image is None else image.max() + 1
    for counts in np.concatenate(
            list(resample_counts(n, num_resamples, seed))):
        rows = counts if image is None else counts[image]
        yield {name: np.repeat(v, rows) for name, v in values.items()}


def test_pairs_and_replicates_equal_scipy():
    values = scores()
    found = RankCorrelations(values, 12, seed=5).between('x', 'y')
    assert found.value == spearmanr(values['x'], values['y']).statistic
    for replicate, again in zip(found.replicates, drawn(values, 12, 5)):
        assert replicate == pytest.approx(
            spearmanr(again['x'], again['y']).statistic)


def test_partial_equals_residuals_of_ranks():
    values = scores()
    pairs = RankCorrelations(values, 6, seed=1)
    found = pairs.partial('x', 'y', given='z')
    assert found.value == pytest.approx(partial_by_residuals(**values))
    assert found.value < pairs.between('x', 'y').value - .2
    for replicate, again in zip(found.replicates, drawn(values, 6, 1)):
        assert replicate == pytest.approx(partial_by_residuals(**again))


def test_partial_by_hand():
    # 1 - 6 sum d^2 / (n (n^2 - 1)) with sum d^2 = 2, 2 and 4.
    values = dict(x=[1, 2, 3, 4], y=[2, 1, 3, 4], z=[1, 2, 4, 3])
    pairs = RankCorrelations(values, 0)
    xy, xz, yz = (pairs.between(*pair).value for pair in ('xy', 'xz', 'yz'))
    assert (xy, xz, yz) == pytest.approx((.8, .8, .6))
    assert pairs.partial('x', 'y', 'z').value == pytest.approx(
        (.8 - .8 * .6) / (.6 * .8))


def test_nothing_is_left_once_the_score_itself_is_known():
    values = scores()
    values['copy'] = values['z']**3
    assert np.isnan(
        RankCorrelations(values, 0).partial('z', 'y', 'copy').value)


def test_rows_of_an_image_are_drawn_together():
    values, image = scores(), np.repeat(np.arange(20), 3)
    found = RankCorrelations(values, 10, 2, image, 20).between('x', 'y')
    for replicate, again in zip(found.replicates,
                                drawn(values, 10, 2, image)):
        assert replicate == pytest.approx(
            spearmanr(again['x'], again['y']).statistic)


def test_pairs_are_paired():
    values = scores(200)
    values['almost'] = values['x'] + 1e-3 * values['z']
    pairs = RankCorrelations(values, 300)
    one, other = pairs.between('x', 'y'), pairs.between('almost', 'y')
    low, high = (one - other).interval
    assert high - low < .2 * (one.interval.high - one.interval.low)


def test_a_draw_without_variation_is_nan():
    flat = np.r_[np.zeros(4), 1.]
    found = RankCorrelations(dict(x=flat, y=np.arange(5.)), 200).between(
        'x', 'y')
    counts = np.concatenate(list(resample_counts(5, 200, 0)))
    np.testing.assert_array_equal(np.isnan(found.replicates),
                                  np.isin(counts[:, 4], (0, 5)))
