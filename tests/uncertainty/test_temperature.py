"""Temperatures on stored probabilities, and how they are fitted."""

import json
from dataclasses import asdict

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from uar_mmpretrain.uncertainty import Temperature, decompose
from uar_mmpretrain.uncertainty.temperature import soft_nll


@pytest.fixture
def logits():
    return np.random.default_rng(0).normal(size=(60, 3, 4)) * 2


@pytest.fixture
def target(logits):
    """What the mean logit says at a temperature of its own."""
    shares = softmax(logits.mean(1) / 1.7, -1)
    rng = np.random.default_rng(1)
    return np.stack([rng.multinomial(10, row) / 10 for row in shares])


def test_probabilities_are_enough(logits):
    scores = softmax(logits, -1)
    np.testing.assert_allclose(Temperature('common', [2.5]).apply(scores),
                               softmax(logits / 2.5, -1), rtol=1e-12)
    each = np.array([.5, 1., 3.])
    np.testing.assert_allclose(Temperature('member', each).apply(scores),
                               softmax(logits / each[:, None], -1),
                               rtol=1e-12)


def test_by_hand():
    # sqrt(.64) : sqrt(.36) = .8 : .6
    found = Temperature('common', [2.]).apply(np.array([[[.64, .36]]]))
    np.testing.assert_allclose(found, [[[4 / 7, 3 / 7]]])


@pytest.mark.parametrize('temperature', [
    Temperature(), Temperature('mixture', [3.])])
def test_modes_that_leave_the_members_as_they_are(temperature, logits):
    scores = softmax(logits, -1)
    assert temperature.apply(scores) is scores


def test_the_mixture_is_scaled_after_averaging(logits):
    scores = softmax(logits, -1)
    mean = scores.mean(1)
    expected = mean**.5 / (mean**.5).sum(-1, keepdims=True)
    np.testing.assert_allclose(
        Temperature('mixture', [2.]).distribution(scores), expected)
    np.testing.assert_allclose(Temperature().distribution(scores), mean)
    common = Temperature('common', [2.])
    np.testing.assert_allclose(common.distribution(scores),
                               common.apply(scores).mean(1))


def test_one_changes_nothing_and_scalings_multiply(logits):
    scores = softmax(logits, -1)
    np.testing.assert_allclose(Temperature('common', [1.]).apply(scores),
                               scores)
    twice = Temperature('common', [2.]).apply(
        Temperature('common', [3.]).apply(scores))
    np.testing.assert_allclose(twice, Temperature('common', [6.]).apply(
        scores))


@pytest.mark.parametrize('one_hot', [False, True])
def test_infinity_leaves_nothing_epistemic(logits, one_hot):
    scores = softmax(logits, -1)
    if one_hot:
        # Scores that underflowed to 0 had logits.
        scores = np.eye(4)[scores.argmax(-1)]
    parts = decompose(Temperature('common', [1e9]).apply(scores))
    np.testing.assert_allclose(parts.epistemic, 0, atol=1e-6)
    np.testing.assert_allclose(parts.aleatoric, np.log(4), atol=1e-6)


def test_tensors_stay_tensors(logits):
    scores = torch.softmax(torch.from_numpy(logits).float(), -1)
    temperature = Temperature('member', [.5, 1., 3.])
    found = temperature.apply(scores)
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found, temperature.apply(scores.numpy()),
                               rtol=1e-6)
    assert isinstance(temperature.distribution(scores), torch.Tensor)


def test_soft_nll_is_cross_entropy(logits, target):
    expected = torch.nn.functional.cross_entropy(
        torch.from_numpy(logits[:, 0]), torch.from_numpy(target))
    assert soft_nll(softmax(logits[:, 0], -1), target) == pytest.approx(
        float(expected))


@pytest.mark.parametrize('mode', ['common', 'mixture'])
def test_the_fit_is_a_minimum(mode, logits, target):
    scores = softmax(logits, -1)
    fitted = Temperature.fit(scores, target, mode)
    best = soft_nll(fitted.distribution(scores), target)
    for factor in (.8, .98, 1.02, 1.25):
        other = Temperature(mode, [factor * fitted.values[0]])
        assert soft_nll(other.distribution(scores), target) > best
    assert best <= soft_nll(scores.mean(1), target)


def test_every_member_by_itself(logits, target):
    fitted = Temperature.fit(softmax(logits, -1), target, 'member')
    for m, value in enumerate(fitted.values):
        def loss(t, m=m):
            return -(target * log_softmax(logits[:, m] / t, -1)).sum()
        assert value == pytest.approx(
            minimize_scalar(loss, bounds=(.05, 20), method='bounded').x,
            rel=1e-3)
    assert len(set(fitted.values)) == 3


def test_recovers_a_known_temperature(logits):
    """Too sharp by a factor of three: T is three."""
    target = softmax(logits[:, 0], -1)
    sharp = softmax(3 * logits[:, :1], -1)
    for mode in ('common', 'member', 'mixture'):
        assert Temperature.fit(sharp, target, mode).values[0] == \
            pytest.approx(3, rel=1e-4)
    assert Temperature.fit(sharp, target, 'none') == Temperature()


def test_round_trip():
    temperature = Temperature('member', [.1 + .2, 1 / 3])
    record = json.loads(json.dumps(asdict(temperature)))
    assert Temperature(**record) == temperature


@pytest.mark.parametrize('mode, values, message', [
    ('warm', [], 'unknown temperature mode'),
    ('none', [1.], "'none' with 1 values"),
    ('common', [], "'common' with 0"),
    ('mixture', [1., 2.], "'mixture' with 2"),
    ('member', [], "'member' with 0"),
    ('common', [0.], 'expected positive'),
    ('common', [-1.], 'expected positive'),
    ('common', [1e-10], 'from 1e-09 to 1e.09'),
    ('common', [1e10], 'from 1e-09 to 1e.09'),
    ('common', [float('nan')], 'expected positive'),
    ('member', [1., float('inf')], 'expected positive'),
])
def test_refuses(mode, values, message):
    with pytest.raises(ValueError, match=message):
        Temperature(mode, values)


def test_refuses_scores_of_something_else(logits, target):
    scores = softmax(logits, -1)
    with pytest.raises(ValueError, match='2 temperatures for 3 members'):
        Temperature('member', [1., 2.]).apply(scores)
    with pytest.raises(ValueError, match='60 images and targets of shape'):
        Temperature.fit(scores, target[:-1], 'common')
    with pytest.raises(ValueError, match='at least one image'):
        Temperature.fit(scores[:0], target[:0], 'common')
    with pytest.raises(ValueError, match='unknown temperature mode'):
        Temperature.fit(scores, target, 'hot')


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16,
                                   torch.float32, torch.float64])
def test_extreme_temperatures_in_every_precision(dtype):
    """One class, or uniform; a probability of 0 and ties included."""
    scores = torch.tensor([[[.5, .3, .2, 0.], [.5, .5, 0., 0.]]]).to(dtype)
    for cold in (1e-9, 1e-6):
        found = Temperature('common', [cold]).apply(scores)
        assert found.dtype == dtype
        assert found.tolist() == [[[1, 0, 0, 0], [.5, .5, 0, 0]]]
    for hot in (1e6, 1e9):
        found = Temperature('common', [hot]).apply(scores)
        torch.testing.assert_close(found, torch.full_like(scores, .25),
                                   rtol=0, atol=1e-3)


def test_a_fit_needs_numbers(logits, target):
    scores = softmax(logits, -1)
    for name in ('scores', 'target'):
        given = dict(scores=scores.copy(), target=target.copy())
        given[name].flat[5] = np.nan
        with pytest.raises(ValueError, match='not finite'):
            Temperature.fit(given['scores'], given['target'], 'common')


@pytest.mark.parametrize('mode', ['common', 'member', 'mixture'])
def test_nothing_is_fitted_to_uniform_scores(mode, target):
    uniform = np.full((len(target), 2, target.shape[1]), 1 / target.shape[1])
    assert set(Temperature.fit(uniform, target, mode).values) == {1.}


def test_one_class_that_is_always_right_ends_at_the_bound():
    scores = np.tile([.7, .2, .1], (30, 2, 1))
    target = np.tile([1., 0., 0.], (30, 1))
    assert Temperature.fit(scores, target, 'common').values[0] == \
        pytest.approx(1 / 20, rel=1e-3)
