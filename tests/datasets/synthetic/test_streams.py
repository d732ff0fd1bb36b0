import numpy as np
import pytest
from scipy import stats

from uar_mmpretrain.datasets.synthetic.streams import standard_normal, uniform


def test_rows_do_not_depend_on_their_number():
    np.testing.assert_array_equal(
        uniform(3, 1, 5, 7), uniform(3, 1, 50, 7)[:5])


def test_seed_and_stream_matter():
    draws = [uniform(*key, 4, 4) for key in ((0, 0), (0, 1), (1, 0))]
    assert not np.intersect1d(draws[0], draws[1]).size
    assert not np.intersect1d(draws[0], draws[2]).size


def test_uniform_fills_the_open_interval():
    draws = uniform(0, 0, 4000, 5).ravel()
    assert draws.min() > 0 and draws.max() < 1
    assert stats.kstest(draws, 'uniform').pvalue > .01


def test_standard_normal():
    draws = standard_normal(uniform(0, 0, 4000, 6))
    assert draws.shape == (4000, 6)
    assert stats.kstest(draws.ravel(), 'norm').pvalue > .01
    np.testing.assert_allclose(np.cov(draws.T), np.eye(6), atol=.06)


def test_global_state_is_left_alone():
    np.random.seed(0)
    before = np.random.get_state()[1].copy()
    uniform(0, 0, 10, 10)
    np.testing.assert_array_equal(before, np.random.get_state()[1])


@pytest.mark.parametrize('seed', [-1, 2**64])
def test_bad_seed(seed):
    with pytest.raises(ValueError, match='seed must lie in'):
        uniform(seed, 0, 1, 1)
