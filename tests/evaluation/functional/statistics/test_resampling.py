"""Bootstrap draws: how many, by seed, whatever the chunks."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    percentile_interval,
    resample_counts,
)
from uar_mmpretrain.evaluation.functional.statistics import resampling
from uar_mmpretrain.evaluation.functional.statistics.resampling import (
    bootstrap,
)


def draw(*args):
    return np.concatenate(list(resample_counts(*args)))


def test_every_replicate_draws_n_images():
    counts = draw(7, 50, 0)
    assert counts.shape == (50, 7)
    assert (counts.sum(1) == 7).all()
    assert 0 < (counts == 0).mean() < 1


def test_images_are_drawn_alike():
    counts = draw(10, 4000, 0)
    np.testing.assert_allclose(counts.mean(0), 1, atol=.1)
    # Variance of a multinomial count: 1 - 1/n.
    np.testing.assert_allclose(counts.var(0), .9, atol=.1)


def test_chunks_do_not_change_the_draws(monkeypatch):
    whole = draw(11, 30, 5)
    monkeypatch.setattr(resampling, '_CHUNK_ELEMENTS', 40)
    assert len(list(resample_counts(11, 30, 5))) == 10
    np.testing.assert_array_equal(draw(11, 30, 5), whole)
    np.testing.assert_array_equal(draw(11, 30, 5, 4), whole)


def test_seeds():
    assert not np.array_equal(draw(9, 5, 0), draw(9, 5, 1))
    assert not np.array_equal(draw(9, 5, (0, 1)), draw(9, 5, (0, 2)))


@pytest.mark.parametrize('size', [(0, 5), (5, 0)])
def test_refuses_nothing(size):
    with pytest.raises(ValueError, match='at least one of each'):
        draw(*size, 0)


def test_statistics_see_the_same_draws():
    counts = draw(6, 40, 3)
    found = bootstrap(
        dict(first=lambda w: w[0], all=lambda w: w.T), 6, 40, 3)
    np.testing.assert_array_equal(found['all'], counts)
    np.testing.assert_array_equal(found['first'], counts[:, 0])


def test_percentile_interval():
    values = np.r_[np.arange(1001.), np.nan]
    assert percentile_interval(values) == pytest.approx((25, 975))
    assert percentile_interval(values, level=.5) == pytest.approx((250, 750))
    assert np.isnan(percentile_interval(np.array([np.nan]))).all()
