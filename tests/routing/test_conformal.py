"""Conformal p-values: by hand, and super-uniform."""

import numpy as np
import pytest

from uar_mmpretrain.routing import Router, conformal_p_values
from uar_mmpretrain.uncertainty import Decomposition


def test_by_hand():
    calibration = np.array([1., 2., 2., 4.])
    found = conformal_p_values(np.array([0., 1., 2., 3., 4., 5.]),
                               calibration)
    np.testing.assert_allclose(found, [1, 1, .8, .4, .4, .2])


@pytest.mark.parametrize('tied', [False, True])
def test_super_uniform(tied):
    rng = np.random.default_rng(0)
    draws, n = 20_000, 19
    scores = rng.normal(size=(draws, n + 1))
    if tied:
        scores = np.round(scores)
    p = np.array([conformal_p_values(row[:1], np.sort(row[1:]))[0]
                  for row in scores])
    for u in (.05, .1, .25, .5, .9):
        error = 4 * np.sqrt(u * (1 - u) / draws)
        assert (p <= u).mean() <= u + error
        if not tied:
            # Exact at multiples of 1 / (n + 1).
            assert (p <= u).mean() == pytest.approx(u, abs=error)


def test_an_unusual_image_has_a_small_one():
    rng = np.random.default_rng(0)
    router = Router(1., 1., calibration_scores=rng.normal(size=99))
    parts = Decomposition(np.zeros(2), np.zeros(2), np.array([9., -9.]))
    np.testing.assert_allclose(router.p_value(parts), [.01, 1])


def test_by_a_channel():
    router = Router(1., 1., score='density', calibration_scores=[3., 1., 2.])
    one = Decomposition(np.zeros(1), np.zeros(1))
    assert router.p_value(one, dict(density=[2.5])) == [.5]


def test_without_calibration_scores():
    parts = Decomposition(np.zeros(1), np.zeros(1), np.zeros(1))
    with pytest.raises(ValueError, match='stores no calibration scores'):
        Router(1., 1.).p_value(parts)
