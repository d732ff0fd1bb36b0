"""Risk control: p-values against their definition, thresholds by hand."""

import numpy as np
import pytest
from scipy.stats import binomtest

from uar_mmpretrain.routing import (
    Losses,
    PromiseError,
    Router,
    control_risk,
    risk_threshold,
)
from uar_mmpretrain.routing.risk_control import risk_p_values


@pytest.mark.parametrize('errors, number', [(0, 30), (3, 30), (10, 30)])
def test_binary_losses_are_tested_exactly(errors, number):
    found = risk_p_values(np.array([float(errors)]), np.array([number]), .2,
                          True)
    expected = binomtest(errors, number, .2, alternative='less').pvalue
    assert found[0] == pytest.approx(expected)


def test_hoeffding_bentkus_by_hand():
    # h(.1, .3) = .1 ln(1/3) + .9 ln(9/7), P(Bin(20, .3) <= 2) = .03548
    divergence = .1 * np.log(1 / 3) + .9 * np.log(9 / 7)
    found = risk_p_values(np.array([2.]), np.array([20]), .3, False)
    assert found[0] == pytest.approx(
        min(np.exp(-20 * divergence), np.e * .0354831), rel=1e-5)
    # Above the risk nothing speaks for it; without images neither.
    assert risk_p_values(np.array([9., 0.]), np.array([20, 0]), .3,
                         False).tolist() == [1, 1]
    assert risk_p_values(np.array([0.]), np.array([0]), .3, True) == 1


def test_p_values_are_valid():
    """P(p <= u) <= u at the risk itself, for both tests."""
    rng = np.random.default_rng(0)
    draws, number, risk = 4000, 60, .2
    count = np.full(draws, number)
    binary = rng.binomial(number, risk, draws).astype(float)
    soft = rng.uniform(0, 2 * risk, (draws, number)).sum(1)
    for u in (.05, .1, .3):
        limit = u + 3 * np.sqrt(u * (1 - u) / draws)
        exact = risk_p_values(binary, count, risk, True)
        assert (exact <= u).mean() <= limit
        assert (risk_p_values(soft, count, risk, False) <= u).mean() <= limit
        # Not by never being small.
        assert (exact <= u).mean() > u / 3


def clean_below(cut, n=400, seed=0):
    """No errors up to an aleatoric score of ``cut``, only errors above."""
    aleatoric = np.random.default_rng(seed).uniform(size=n)
    return Losses(aleatoric, (aleatoric > cut).astype(float))


def test_finds_where_the_risk_begins():
    tau, record = risk_threshold(clean_below(.5), clean_below(.5, seed=1),
                                 .1, .1)
    # At .5 there are no errors; at .5 / .9 a tenth are.
    assert .5 < tau < .5 / .9
    assert record['test'] == 'exact binomial'
    assert record['p_value'] <= .1
    assert record['mean_loss'] < .1
    assert record['num_accepted'] == (clean_below(.5, seed=1).aleatoric
                                      <= tau).sum()


def test_no_risk_accepts_all_that_was_seen():
    images = clean_below(2.)
    tau, record = risk_threshold(images, clean_below(2., seed=1), .1, .1)
    assert tau == images.aleatoric.max()


def test_a_bump_ends_the_sequence():
    """Errors in the middle stop it, although the whole is safe again."""
    aleatoric = np.arange(1000) / 1000
    safe_below = Losses(aleatoric, (aleatoric > .2).astype(float))
    bump = (aleatoric > .2) & (aleatoric < .26)
    assert risk_p_values(bump.sum(), np.array(1000), .1, True) < .001
    tau, _ = risk_threshold(safe_below, Losses(aleatoric, bump.astype(float)),
                            .1, .1)
    assert .2 <= tau < .26


def test_the_second_part_decides():
    with pytest.raises(PromiseError, match=r'mean loss of 1\.000'):
        risk_threshold(clean_below(2.), clean_below(0., seed=1), .1, .1)


def test_too_few_images():
    few, many = clean_below(2., 21), clean_below(2., 22)
    # 0.9^22 = .098
    risk_threshold(many, many, .1, .1)
    for parts in ((few, many), (many, few)):
        with pytest.raises(PromiseError, match='at least 22 judged images'):
            risk_threshold(*parts, .1, .1)


@pytest.mark.parametrize('value', [-.1, 1.1, float('nan')])
def test_losses_outside_their_range(value):
    bad = Losses(np.arange(100.), np.full(100, value))
    with pytest.raises(ValueError, match=r'expected values in \[0, 1\]'):
        risk_threshold(clean_below(2.), bad, .1, .1)


@pytest.mark.parametrize('risk, delta', [(0, .1), (.1, 1)])
def test_shares(risk, delta):
    with pytest.raises(ValueError, match='expected a share'):
        risk_threshold(clean_below(2.), clean_below(2.), risk, delta)


def test_the_router_keeps_its_other_promise():
    router = Router(.3, .9, info=dict(num_images=5),
                    promises=dict(rejection=dict(alpha=.05)))
    found = control_risk(router, clean_below(.5), clean_below(.5, seed=1))
    assert found.tau_epistemic == .3
    assert .5 < found.tau_aleatoric < .56
    assert set(found.promises) == {'rejection', 'risk'}
    assert found.info == dict(num_images=5, aleatoric_rule='risk control')
