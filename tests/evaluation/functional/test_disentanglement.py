"""The disentanglement error on estimators whose answer is known."""

import numpy as np
import pytest
from scipy.stats import pearsonr

from uar_mmpretrain.evaluation.functional.disentanglement import (
    Sweep,
    disentanglement_report,
    pearson,
)

ERROR = np.array([.2, .25, .4, .5, .6])
FLAT = np.full(5, .3)
FOLLOWS = .5 + 2 * ERROR


def error_of(noise, size):
    report = disentanglement_report(noise, size)
    return report.values['disentanglement_error']


def test_parts_that_follow_their_own_cause_only_score_zero():
    assert error_of(Sweep(ERROR, FOLLOWS, FLAT),
                    Sweep(ERROR, FLAT, FOLLOWS)) == pytest.approx(0)


def test_the_two_parts_swapped_score_one():
    assert error_of(Sweep(ERROR, FLAT, FOLLOWS),
                    Sweep(ERROR, FOLLOWS, FLAT)) == pytest.approx(1)


def test_the_correlation_is_with_the_error_and_not_the_accuracy():
    # A part that falls with the error is worse than one that ignores it.
    good = Sweep(ERROR, FLAT, FOLLOWS)
    falls = error_of(Sweep(ERROR, -FOLLOWS, FLAT), good)
    ignores = error_of(Sweep(ERROR, FLAT, FLAT), good)
    assert (falls, ignores) == (pytest.approx(.5), pytest.approx(.25))


@pytest.mark.parametrize('error', [ERROR, FLAT])
def test_constants_count_as_zero_and_are_named(error):
    report = disentanglement_report(Sweep(error, FLAT, FLAT),
                                    Sweep(error, FLAT, FLAT))
    numbers = {**report.values, **report.details}
    assert np.isfinite(list(numbers.values())).all()
    assert report.values['disentanglement_error'] == .5
    assert 'constant in 1 of 1' in report.notes['epistemic_size']
    assert ('error_noise' in report.notes) is (error is FLAT)


def test_round_off_is_no_movement():
    jitter = FLAT + 1e-16 * np.arange(5)
    assert pearson(ERROR, jitter) == 0


def test_terms_correlations_and_slopes_by_hand():
    noise = Sweep([0, .5, 1], [1, 2, 3], [3, 1, 1])
    size = Sweep([0, .5, 1], [2, 0, 0], [0, 0, 1])
    report = disentanglement_report(noise, size)
    half = 3**.5 / 2  # correlation of (0, 1, 2) with (0, 0, 1)
    assert report.values == pytest.approx({
        'term_aleatoric_noise': 0, 'term_epistemic_noise': half,
        'term_aleatoric_size': half, 'term_epistemic_size': 1 - half,
        'disentanglement_error': (half + 1) / 4})
    assert report.details['correlation_epistemic_noise'] == pytest.approx(
        -half)
    slopes = [report.details[f'slope_{key}'] for key in (
        'aleatoric_noise', 'epistemic_noise', 'aleatoric_size',
        'epistemic_size')]
    assert slopes == pytest.approx([2, -2, -2, 1])


def test_correlation_is_pearsons():
    rng = np.random.default_rng(0)
    first, second = rng.random((2, 6))
    assert pearson(first, second) == pytest.approx(
        pearsonr(first, second).statistic)
    assert pearson(3 + 7 * first, second) == pytest.approx(
        pearson(first, second))


def test_repetitions_are_correlated_apart_and_then_averaged():
    rng = np.random.default_rng(1)
    sweeps = [Sweep(*rng.random((3, 4, 5))) for _ in range(2)]
    alone = [error_of(*(Sweep(s.error[r], s.aleatoric[r], s.epistemic[r])
                        for s in sweeps)) for r in range(4)]
    report = disentanglement_report(*sweeps)
    assert report.values['disentanglement_error'] == pytest.approx(
        np.mean(alone))
    assert report.values['disentanglement_error_2sem'] == pytest.approx(
        2 * np.std(alone, ddof=1) / 4**.5)
    assert '2sem' not in report.notes


def test_the_steps_may_come_in_any_order():
    rng = np.random.default_rng(2)
    values = rng.random((2, 3, 5))
    order = rng.permutation(5)
    first = disentanglement_report(*(Sweep(*v) for v in values))
    again = disentanglement_report(*(Sweep(*v[:, order]) for v in values))
    assert again.values == pytest.approx(first.values)
    assert again.details == pytest.approx(first.details)


def test_one_repetition_has_no_interval():
    rng = np.random.default_rng(3)
    report = disentanglement_report(*(Sweep(*v)
                                      for v in rng.random((2, 3, 5))))
    assert not any(key.endswith('2sem') for key in report.values)
    assert 'one repetition' in report.notes['2sem']


@pytest.mark.parametrize('arrays, message', [
    ((ERROR, FLAT, FLAT[:4]), r'shapes .*\(1, 4\)'),
    (np.ones((3, 2)), 'a sweep of 2 steps'),
    ((100 * ERROR, FLAT, FLAT), r'outside \[0, 1\]'),
    ((ERROR, FLAT, FLAT * np.nan), 'epistemic .* 5 values .* not finite'),
])
def test_refuses(arrays, message):
    with pytest.raises(ValueError, match=message):
        Sweep(*arrays)


def test_sweeps_need_as_many_repetitions():
    rng = np.random.default_rng(4)
    with pytest.raises(ValueError, match="'noise': 2, 'size': 3"):
        disentanglement_report(Sweep(*rng.random((3, 2, 5))),
                               Sweep(*rng.random((3, 3, 5))))
