"""Thresholds that do on their own images what they were fitted for."""

import json

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score

from uar_mmpretrain.routing import Action, PromiseError, Router, fit_router
from uar_mmpretrain.uncertainty import Decomposition, decompose


def draw(n=400, seed=0, dtype=np.float64):
    """Uncertainties, and votes that go with the aleatoric part."""
    rng = np.random.default_rng(seed)
    epistemic = rng.gamma(2., 0.1, n).astype(dtype)
    aleatoric = rng.uniform(0, 1.5, n).astype(dtype)
    entropy = np.clip(aleatoric + rng.normal(0, 0.4, n), 0, None)
    parts = Decomposition(epistemic + aleatoric, aleatoric, epistemic)
    return parts, entropy


def best_f1(score, positive):
    """The highest F1 of ``score > t`` over every possible t."""
    found = score > np.append(-np.inf, score)[:, None]
    hits = (found & positive).sum(1)
    return (2 * hits / (found.sum(1) + positive.sum())).max()


@pytest.mark.parametrize('dtype', [np.float32, np.float64])
@pytest.mark.parametrize('rate', [0.01, 0.05, 0.25])
def test_a_plain_quantile_is_realised(rate, dtype):
    parts, entropy = draw(dtype=dtype)
    router = fit_router(parts, entropy, promise='quantile',
                        rejection_rate=rate)
    rejected = router.route(parts) == Action.REJECT
    assert rejected.mean() == pytest.approx(rate, abs=1 / 400)
    assert router.tau_epistemic == np.quantile(
        parts.epistemic.astype(np.float64), 1 - rate)


@pytest.mark.parametrize('dtype', [np.float32, np.float64])
def test_the_promised_rate_is_kept_by_being_careful(dtype):
    parts, entropy = draw(dtype=dtype)
    router = fit_router(parts, entropy, rejection_rate=.05, delta=.1)
    rejected = (router.route(parts) == Action.REJECT).sum()
    # P(Bin(400, .05) <= 14) = .099, and <= 15 is .151.
    assert rejected == 14 == router.promises['rejection']['num_rejected']


def test_by_a_channel():
    parts, entropy = draw()
    density = np.random.default_rng(5).normal(size=400)
    router = fit_router(parts, entropy, score='density', kind='variance',
                        channels=dict(density=density, other=-density))
    assert router.tau_epistemic in density
    assert (density > router.tau_epistemic).sum() == 14
    actions = router.route(parts, dict(density=density))
    np.testing.assert_array_equal(actions == Action.REJECT,
                                  density > router.tau_epistemic)
    # Rejection by a channel needs no second member.
    alone = Decomposition(parts.total, parts.aleatoric)
    np.testing.assert_array_equal(router.route(alone, dict(density=density)),
                                  actions)
    with pytest.raises(KeyError, match="channel 'depth'; found .'density'"):
        fit_router(parts, score='depth', channels=dict(density=density))


@pytest.mark.parametrize('dtype', [np.float32, np.float64])
@pytest.mark.parametrize('seed', range(3))
def test_the_reporting_threshold_has_the_best_f1(seed, dtype):
    parts, entropy = draw(seed=seed, dtype=dtype)
    router = fit_router(parts, entropy)
    ambiguous = entropy >= np.quantile(entropy, 0.75)
    # Only the reporting threshold is under test.
    router = Router(np.inf, router.tau_aleatoric)
    reported = router.route(parts) == Action.REPORT
    best = best_f1(parts.aleatoric, ambiguous)
    assert f1_score(ambiguous, reported) == pytest.approx(best, abs=1e-12)
    assert 0 < reported.sum() < len(reported)


def test_images_without_votes_do_not_count_for_reporting():
    parts, entropy = draw()
    half = np.arange(len(entropy)) % 2 == 0
    known = Decomposition(*(part[half] for part in (
        parts.total, parts.aleatoric, parts.epistemic)))
    with_gaps = fit_router(parts, np.where(half, entropy, np.nan))
    assert with_gaps.tau_aleatoric == fit_router(
        known, entropy[half]).tau_aleatoric
    assert with_gaps.tau_aleatoric != fit_router(parts, entropy).tau_aleatoric
    # Rejection needs no votes: all images count.
    assert with_gaps.tau_epistemic == fit_router(parts).tau_epistemic


@pytest.mark.parametrize('votes', ['none', 'all NaN', 'unanimous'])
def test_without_telling_votes_a_quantile_of_the_score(votes):
    parts, entropy = draw()
    entropy = {
        'none': None,
        'all NaN': np.full_like(entropy, np.nan),
        # Every image is at or above a cut of zero.
        'unanimous': np.where(np.arange(len(entropy)) < 380, 0., 0.5),
    }[votes]
    router = fit_router(parts, entropy, ambiguous_quantile=0.8)
    assert router.tau_aleatoric == np.quantile(parts.aleatoric, 0.8)
    reported = Router(np.inf, router.tau_aleatoric).route(parts)
    assert reported.mean() == pytest.approx(0.2, abs=1 / 400)
    rule = router.info['aleatoric_rule']
    assert rule.startswith('quantile 0.8 of the aleatoric part')
    assert ('no votes' in rule) is (votes != 'unanimous')


def test_what_is_stored_with_the_thresholds(tmp_path):
    parts, entropy = draw()
    router = fit_router(parts, entropy, kind='variance', rejection_rate=0.1)
    assert router.kind == 'variance'
    assert router.info['num_images'] == 400
    assert 'best F1' in router.info['aleatoric_rule']
    promise = router.promises['rejection']
    assert promise['alpha'] == promise['delta'] == .1
    assert promise['statement'].startswith('at most 0.1 of the clean images')
    np.testing.assert_array_equal(router.calibration_scores,
                                  np.sort(parts.epistemic))
    router.save(tmp_path / 'router.json')
    assert Router.load(tmp_path / 'router.json') == router
    plain = fit_router(parts, entropy, promise='quantile')
    assert 'none beyond' in plain.promises['quantile']['statement']
    json.dumps([plain.promises, plain.info], allow_nan=False)


def test_tensors_give_the_same_thresholds():
    rng = np.random.default_rng(0)
    scores = rng.dirichlet(np.ones(4), size=(150, 3)).astype(np.float32)
    entropy = rng.uniform(size=150)
    assert fit_router(decompose(scores), entropy) == fit_router(
        decompose(torch.from_numpy(scores)), entropy)


def test_too_few_images():
    with pytest.raises(PromiseError, match=r'at least 45 .*\(found 44\)'):
        fit_router(*draw(44))
    fit_router(*draw(45))
    with pytest.raises(PromiseError, match=r'at least 20 .*\(found 19\)'):
        fit_router(*draw(19), promise='quantile')
    fit_router(*draw(20), promise='quantile')


def test_an_unknown_promise():
    with pytest.raises(ValueError, match="unknown promise 'risk'"):
        fit_router(*draw(), promise='risk')


@pytest.mark.parametrize('name', ['rejection_rate', 'ambiguous_quantile'])
@pytest.mark.parametrize('value', [0, 1, -0.1, 5, float('nan')])
def test_shares_outside_their_range(name, value):
    with pytest.raises(ValueError, match=f'{name} is {value}'):
        fit_router(*draw(), **{name: value})


def test_votes_of_other_images():
    parts, entropy = draw()
    with pytest.raises(ValueError, match='399 values for 400 images'):
        fit_router(parts, entropy[1:])


def test_a_single_member():
    one = decompose(np.full((200, 1, 4), .25))
    with pytest.raises(ValueError, match='one member has no epistemic'):
        fit_router(one)
