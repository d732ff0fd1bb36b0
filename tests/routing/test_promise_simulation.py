"""Promises over many random splits, on populations known exactly.

A promise may break in at most delta of the splits; a plain quantile, and a
threshold read off the calibration risk, break about every second time.
"""

import numpy as np
import pytest
from scipy.stats import binom

from uar_mmpretrain.routing import (
    Losses,
    PromiseError,
    quantile_threshold,
    rejection_threshold,
    risk_threshold,
)
from uar_mmpretrain.routing.rejection import num_allowed

SPLITS, ALPHA, RISK, DELTA = 1000, .05, .1, .1
# Violations that a promise kept with probability 1 - DELTA stays below.
MOST = binom.ppf(.9999, SPLITS, DELTA)
STEP = .05
GRID = 25


def exponential(rng, n, tied):
    scores = rng.exponential(size=n)
    return np.floor(scores / STEP) if tied else scores


def rejection_rate(tau, tied):
    """Share of the whole population above a threshold."""
    return np.exp(-(np.floor(tau) + 1) * STEP) if tied else np.exp(-tau)


@pytest.mark.parametrize('tied', [False, True])
@pytest.mark.parametrize('n', [45, 300])
def test_rejection(tied, n):
    rng = np.random.default_rng(n)
    rates = [rejection_rate(rejection_threshold(
        exponential(rng, n, tied), ALPHA, DELTA)[0], tied)
        for _ in range(SPLITS)]
    violations = np.sum(np.array(rates) > ALPHA)
    assert violations <= MOST
    if not tied:
        # No more careful than it has to be: the probability is known.
        exact = binom.cdf(num_allowed(n, ALPHA, DELTA), n, ALPHA)
        low, high = binom.ppf([.0001, .9999], SPLITS, exact)
        assert low <= violations <= high


@pytest.mark.parametrize('tied', [False, True])
def test_a_plain_quantile_breaks_the_promise(tied):
    rng = np.random.default_rng(1)
    rates = [rejection_rate(quantile_threshold(
        exponential(rng, 300, tied), ALPHA)[0], tied)
        for _ in range(SPLITS)]
    violations = np.sum(np.array(rates) > ALPHA)
    assert violations > 3 * MOST
    assert .4 < violations / SPLITS < .65


def draw(rng, n, tied, binary):
    """Loss of probability (or mean) 0.5 a^3 at the aleatoric score a."""
    aleatoric = rng.uniform(size=n)
    if tied:
        aleatoric = np.ceil(GRID * aleatoric) / GRID
    mean = .5 * aleatoric**3
    loss = rng.uniform(size=n) < mean if binary else rng.uniform(0, 2 * mean)
    return Losses(aleatoric, np.asarray(loss, dtype=float))


def risk_at(tau, tied):
    """Expected loss of the population up to a threshold."""
    if tied:
        steps = np.arange(1, round(GRID * tau) + 1) / GRID
        return np.mean(.5 * steps**3) if len(steps) else 0.
    return .5 * tau**3 / 4


@pytest.mark.parametrize('tied', [False, True])
@pytest.mark.parametrize('binary', [False, True])
def test_risk(tied, binary):
    rng = np.random.default_rng(2)
    violations = refused = 0
    for _ in range(SPLITS):
        try:
            tau, _ = risk_threshold(draw(rng, 300, tied, binary),
                                    draw(rng, 300, tied, binary), RISK, DELTA)
        except PromiseError:
            refused += 1
            continue
        violations += risk_at(tau, tied) > RISK
    assert violations <= MOST
    assert refused < SPLITS / 20


@pytest.mark.parametrize('tied', [False, True])
def test_the_calibration_risk_itself_breaks_the_promise(tied):
    rng = np.random.default_rng(3)
    violations = 0
    for _ in range(SPLITS):
        images = draw(rng, 300, tied, True)
        order = np.argsort(images.aleatoric)
        score = images.aleatoric[order]
        mean = np.cumsum(images.loss[order]) / np.arange(1, 301)
        last = np.searchsorted(score, np.unique(score), 'right') - 1
        tau = score[last[mean[last] <= RISK]].max(initial=0)
        violations += risk_at(tau, tied) > RISK
    assert violations > 1.5 * MOST
