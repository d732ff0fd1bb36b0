"""Do the two parts of uncertainty react to their own cause only?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import linregress

from .report import Report

_PARTS = ('aleatoric', 'epistemic')
# Which part of the uncertainty the cause of a sweep should move.
_CAUSES = {'noise': 'aleatoric', 'size': 'epistemic'}
# Means that agree exactly differ by this much in double precision.
_ROUND_OFF = 1e-12


@dataclass(frozen=True, eq=False)
class Sweep:
    """One value per training along a sweep, for every repetition.

    Args:
        error (np.ndarray): ``(R, S)`` error rates, 1 - accuracy, of R
            repetitions at S steps; ``(S,)`` for one repetition.
        aleatoric (np.ndarray): Means over the test images, same shape.
        epistemic (np.ndarray): Means over the test images, same shape.

    Raises:
        ValueError: If the shapes differ, there are fewer than 3 steps, a
            value is not finite, or an error rate lies outside [0, 1].
    """

    error: np.ndarray
    aleatoric: np.ndarray
    epistemic: np.ndarray

    def __post_init__(self) -> None:
        for name in ('error', *_PARTS):
            value = np.asarray(getattr(self, name), dtype=np.float64)
            # The dataclass is frozen for everybody else.
            object.__setattr__(self, name, np.atleast_2d(value))
            _check_finite(name, getattr(self, name))
        shapes = {name: getattr(self, name).shape
                  for name in ('error', *_PARTS)}
        if len(set(shapes.values())) > 1 or self.error.ndim != 2:
            raise ValueError(f'a sweep got arrays of shapes {shapes}; '
                             'expected (repetitions, steps) for all.')
        if self.error.shape[1] < 3:
            raise ValueError(
                f'a sweep of {self.error.shape[1]} steps; a correlation over '
                'fewer than 3 says nothing.')
        if (self.error < 0).any() or (self.error > 1).any():
            raise ValueError('an error rate lies outside [0, 1]; give shares, '
                             '1 - accuracy.')


def pearson(first: np.ndarray, second: np.ndarray) -> float:
    """Correlate two series, 0 if one of them is constant.

    A part that never moves follows nothing: NaN would hide that from a mean.

    Args:
        first (np.ndarray): ``(S,)`` values.
        second (np.ndarray): ``(S,)`` values.

    Returns:
        float: Pearson's correlation in [-1, 1].
    """
    if _is_constant(first) or _is_constant(second):
        return 0.
    return float(np.clip(np.corrcoef(first, second)[0, 1], -1, 1))


def disentanglement_report(noise: Sweep, size: Sweep) -> Report:
    """Disentanglement error of two sweeps (de Jong et al., 2408.12175).

    With label noise only the aleatoric part should rise with the error rate
    e, with smaller training sets only the epistemic part::

        DE = (|corr(AU, e)_noise - 1| + |corr(EU, e)_noise|
              + |corr(EU, e)_size - 1| + |corr(AU, e)_size|) / 4

    Correlations are Pearson's, over the steps of one repetition, with the
    *error rate*: correlating with the accuracy and still subtracting 1 turns
    the measure round. 0 is perfect, 1 what a constant or a swapped pair
    gets, 1.5 the worst.

    Args:
        noise (Sweep): Trainings along a growing share of wrong labels.
        size (Sweep): Trainings along a growing share of the training set.

    Returns:
        Report: ``disentanglement_error`` and its four terms
        ``term_{part}_{sweep}`` among the values; correlations and
        least-squares slopes (nats per unit of error rate)
        ``correlation_{part}_{sweep}`` and ``slope_{part}_{sweep}`` among the
        details. Each is a mean over repetitions, with two standard errors of
        that mean under ``.._2sem``; these are left out for a single
        repetition. Notes name the constant series.

    Raises:
        ValueError: If the sweeps have another number of repetitions.
    """
    sweeps = {'noise': noise, 'size': size}
    counts = {name: len(sweep.error) for name, sweep in sweeps.items()}
    if len(set(counts.values())) > 1:
        raise ValueError(f'the sweeps have {counts} repetitions; expected as '
                         'many of each.')
    report = Report()
    terms = []
    for name, sweep in sweeps.items():
        for part in _PARTS:
            key = f'{part}_{name}'
            series = getattr(sweep, part)
            correlation = np.array(list(map(pearson, series, sweep.error)))
            term = np.abs(correlation - (_CAUSES[name] == part))
            terms.append(term)
            _add(report.values, f'term_{key}', term)
            _add(report.details, f'correlation_{key}', correlation)
            slopes = np.array(list(map(_slope, series, sweep.error)))
            _add(report.details, f'slope_{key}', slopes)
            _note_constants(report, key, series)
        _note_constants(report, f'error_{name}', sweep.error)
    _add(report.values, 'disentanglement_error', np.mean(terms, axis=0))
    if len(noise.error) == 1:
        report.notes['2sem'] = ('one repetition has no spread; run several '
                                'for an interval')
    return report


def _slope(series: np.ndarray, error: np.ndarray) -> float:
    if _is_constant(series) or _is_constant(error):
        return 0.
    return float(linregress(error, series).slope)


def _is_constant(series: np.ndarray) -> bool:
    return bool(np.ptp(series) < _ROUND_OFF)


def _add(values: dict[str, float], key: str, repeated: np.ndarray) -> None:
    values[key] = float(repeated.mean())
    if len(repeated) > 1:
        sem = repeated.std(ddof=1) / np.sqrt(len(repeated))
        values[f'{key}_2sem'] = float(2 * sem)


def _note_constants(report: Report, key: str, series: np.ndarray) -> None:
    constant = sum(map(_is_constant, series))
    if constant:
        report.notes[key] = (f'constant in {constant} of {len(series)} '
                             'repetitions; its correlation counts as 0')


def _check_finite(name: str, values: np.ndarray) -> None:
    if not np.isfinite(values).all():
        raise ValueError(f'{name} of a sweep has '
                         f'{int((~np.isfinite(values)).sum())} values that '
                         'are not finite; was every step tested?')
