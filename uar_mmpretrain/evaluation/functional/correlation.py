"""Rank correlation with honest ties and an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from .resampling import Interval, percentile_interval, resample_counts

_MIN_IMAGES = 4
_Z95 = 1.96


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's correlation of two scores over images.

    Args:
        rho (float): Correlation of average ranks, in [-1, 1].
        interval (Interval): 95% percentile bootstrap interval over images.
        closed_form (Interval): 95% Bonett-Wright interval, a cross-check.
        num_images (int): Number of images.
    """

    rho: float
    interval: Interval
    closed_form: Interval
    num_images: int


def spearman(first: np.ndarray,
             second: np.ndarray,
             num_resamples: int = 10_000,
             seed: int = 0) -> RankCorrelation:
    """Correlate two scores by rank, ties sharing their average rank.

    Ten votes give few distinct entropies, so ties dominate: breaking them by
    row order would make the result depend on that order.

    Args:
        first (np.ndarray): ``(N,)`` scores.
        second (np.ndarray): ``(N,)`` scores.
        num_resamples (int): Bootstrap replicates; ranks are formed anew in
            each.
        seed (int): Seed of the bootstrap.

    Returns:
        RankCorrelation: The correlation with both intervals.

    Raises:
        ValueError: If the lengths differ, there are fewer than 4 images, or
            a score contains NaN or is constant.
    """
    first = np.asarray(first, dtype=np.float64)
    second = np.asarray(second, dtype=np.float64)
    _check(first, second)
    rho = float(spearmanr(first, second).statistic)
    replicates = _bootstrap(first, second, num_resamples, seed)
    return RankCorrelation(rho, percentile_interval(replicates),
                           bonett_wright(rho, len(first)), len(first))


def bonett_wright(rho: float, num_images: int) -> Interval:
    """Closed-form 95% interval for Spearman's correlation.

    ``tanh(atanh(rho) +- 1.96 sqrt((1 + rho^2 / 2) / (n - 3)))`` (Bonett and
    Wright, Psychometrika 65, 2000).

    Args:
        rho (float): Correlation, in [-1, 1].
        num_images (int): Number n of images, at least 4.

    Returns:
        Interval: The interval; a point for a perfect correlation.

    Raises:
        ValueError: If there are fewer than 4 images.
    """
    if num_images < _MIN_IMAGES:
        raise ValueError(f'{num_images} images; an interval for a rank '
                         f'correlation needs at least {_MIN_IMAGES}.')
    if abs(rho) >= 1:
        return Interval(rho, rho)
    half = _Z95 * math.sqrt((1 + rho**2 / 2) / (num_images - 3))
    centre = math.atanh(rho)
    return Interval(math.tanh(centre - half), math.tanh(centre + half))


def _check(first: np.ndarray, second: np.ndarray) -> None:
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f'scores have shapes {first.shape} and '
                         f'{second.shape}; expected one value per image in '
                         'both.')
    if len(first) < _MIN_IMAGES:
        raise ValueError(f'{len(first)} images; a rank correlation needs at '
                         f'least {_MIN_IMAGES}.')
    for name, values in (('first', first), ('second', second)):
        if np.isnan(values).any():
            raise ValueError(f'the {name} score is NaN for '
                             f'{int(np.isnan(values).sum())} images; leave '
                             'them out.')
        if values.min() == values.max():
            raise ValueError(f'the {name} score is the same for all '
                             f'{len(values)} images ({values[0]:g}); ranks '
                             'need at least two values.')


def _bootstrap(first: np.ndarray, second: np.ndarray, num_resamples: int,
               seed: int) -> np.ndarray:
    """Return ``(B,)`` correlations of resampled images, NaN if constant.

    A centred average rank is ``cumulative - own / 2 - n / 2`` with the
    counts of equal values taken together, so values are sorted only once.
    """
    by_first = np.argsort(first, kind='stable')
    first_starts, first_sizes = _groups(first[by_first])
    # From here on images are in the order of the first score.
    second = second[by_first]
    by_second = np.argsort(second, kind='stable')
    second_starts, _ = _groups(second[by_second])
    out = []
    for drawn in resample_counts(len(first), num_resamples, seed):
        counts = drawn[:, by_first].astype(np.float64)
        size, rank = _ranks(counts, first_starts)
        weighted = counts * np.repeat(rank, first_sizes, axis=1)
        other_size, other = _ranks(counts[:, by_second], second_starts)
        weighted = np.add.reduceat(weighted[:, by_second], second_starts,
                                   axis=1)
        covariance = (weighted * other).sum(1)
        scale = (size * rank**2).sum(1) * (other_size * other**2).sum(1)
        out.append(_divide(covariance, np.sqrt(scale)))
    return np.concatenate(out)


def _groups(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where runs of equal sorted values start, and their lengths."""
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    return starts, np.diff(np.r_[starts, len(values)])


def _ranks(counts: np.ndarray,
           starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``(b, G)`` counts and centred average ranks of the groups."""
    size = np.add.reduceat(counts, starts, axis=1)
    rank = np.cumsum(size, axis=1)
    rank -= size / 2 + rank[:, -1:] / 2
    return size, rank


def _divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    return np.divide(numerator, denominator,
                     out=np.full_like(numerator, np.nan),
                     where=denominator > 0)
