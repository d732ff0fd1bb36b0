"""Rejection thresholds on scores and counts known by hand."""

import numpy as np
import pytest
from scipy.stats import beta

from uar_mmpretrain.routing import (
    PromiseError,
    quantile_threshold,
    rejection_threshold,
)
from uar_mmpretrain.routing.promises import fewest_images
from uar_mmpretrain.routing.rejection import num_allowed


def clopper_pearson(events, number, delta):
    """Upper end of the one-sided interval."""
    return 1. if events == number else beta.ppf(1 - delta, events + 1,
                                                number - events)


@pytest.mark.parametrize('n', [45, 76, 77, 100, 500, 3579])
@pytest.mark.parametrize('alpha, delta', [(.05, .1), (.2, .01), (.5, .5)])
def test_the_clopper_pearson_bound_is_met_and_tight(n, alpha, delta):
    scores = np.random.default_rng(n).permutation(n).astype(float)
    tau, record = rejection_threshold(scores, alpha, delta)
    rejected = int((scores > tau).sum())
    assert rejected == record['num_rejected'] == record['num_allowed']
    assert clopper_pearson(rejected, n, delta) <= alpha + 1e-12
    assert clopper_pearson(rejected + 1, n, delta) > alpha


def test_by_hand():
    # 0.95^44 = .1047, 0.95^45 = .0994: the largest of 45 scores, not of 44.
    tau, record = rejection_threshold(np.arange(45.), .05, .1)
    assert tau == 44 and record['num_rejected'] == 0
    with pytest.raises(PromiseError, match=r'at least 45 .*\(found 44\)'):
        rejection_threshold(np.arange(44.), .05, .1)
    # P(Bin(2, .5) <= 0) = .25: exactly enough.
    assert rejection_threshold(np.array([3., 5.]), .5, .25)[0] == 5


@pytest.mark.parametrize('rate, delta', [
    (.05, .1), (.5, .25), (.5, .125), (.1, .1), (.9, .01), (.01, .001)])
def test_fewest_images(rate, delta):
    n = fewest_images(rate, delta)
    assert (1 - rate)**n <= delta * (1 + 1e-9)
    assert (1 - rate)**(n - 1) > delta
    assert num_allowed(n, rate, delta * (1 + 1e-9)) >= 0
    assert num_allowed(n - 1, rate, delta) == -1


def test_tied_scores_reject_fewer():
    scores = np.repeat([1., 2.], [900, 100])
    tau, record = rejection_threshold(scores, .05, .1)
    assert tau == 2 and record['num_rejected'] == 0
    tau, record = rejection_threshold(scores, .2, .1)
    assert tau == 1 and record['num_rejected'] == 100


def test_the_promise_costs_rejections():
    scores = np.random.default_rng(0).normal(size=1000)
    careful = rejection_threshold(scores, .05, .01)[1]['num_rejected']
    usual = rejection_threshold(scores, .05, .1)[1]['num_rejected']
    plain = quantile_threshold(scores, .05)[1]['num_rejected']
    assert careful < usual < plain == 50


def test_quantile():
    tau, record = quantile_threshold(np.arange(101.), .25)
    assert tau == 75 and record['num_rejected'] == 25
    with pytest.raises(PromiseError, match=r'at least 20 .*\(found 19\)'):
        quantile_threshold(np.arange(19.), .05)


@pytest.mark.parametrize('alpha, delta', [(0, .1), (1, .1), (.1, 0),
                                          (.1, 1.5), (float('nan'), .1)])
def test_shares(alpha, delta):
    with pytest.raises(ValueError, match='expected a share'):
        rejection_threshold(np.arange(500.), alpha, delta)


def test_an_infinite_threshold_is_refused():
    """Such as pairwise_kl gives; nothing would ever exceed it."""
    scores = np.r_[np.arange(94.), [np.inf] * 6]
    with pytest.raises(ValueError, match="6 of 100 calibration scores are "
                       "infinite.*kind='entropy'"):
        quantile_threshold(scores, .03)
    with pytest.raises(ValueError, match='nothing would be rejected'):
        rejection_threshold(scores, .06, .1)
    # Enough may be rejected: the infinite ones are.
    tau, record = quantile_threshold(scores, .1)
    assert tau == pytest.approx(89.1) and record['num_rejected'] == 10
