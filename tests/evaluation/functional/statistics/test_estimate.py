"""Figures with replicates, and their paired differences."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional.statistics.estimate import Estimate


def test_interval_and_names():
    found = Estimate(500., np.arange(1001.))
    assert found.interval == pytest.approx((25, 975))
    assert found.named('x') == pytest.approx(
        {'x': 500, 'x_low': 25, 'x_high': 975})


def test_without_replicates_there_are_no_ends():
    assert Estimate(.5, np.empty(0)).named('x') == {'x': .5}


def test_what_two_figures_share_cancels():
    shared = np.random.default_rng(0).normal(size=1000)
    difference = Estimate(3., shared + 3) - Estimate(1., shared + 1)
    assert difference.value == 2
    assert difference.interval == pytest.approx((2, 2))


def test_refuses_other_draws():
    with pytest.raises(ValueError, match='3 and 4 replicates'):
        Estimate(0., np.zeros(3)) - Estimate(0., np.zeros(4))
