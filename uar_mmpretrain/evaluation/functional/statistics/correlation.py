"""Rank correlation with honest ties and an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import pearsonr

from ..decomposition.rank_correlations import MIN_IMAGES, RankCorrelations
from .estimate import Estimate
from .resampling import Interval, bootstrap

_Z95 = 1.96


@dataclass(frozen=True, eq=False)
class RankCorrelation:
    """Spearman's correlation of two scores over images.

    Args:
        estimate (Estimate): Correlation of average ranks, in [-1, 1].
        closed_form (Interval): 95% Bonett-Wright interval, a cross-check.
        num_images (int): Number of images.
    """

    estimate: Estimate
    closed_form: Interval
    num_images: int

    @property
    def rho(self) -> float:
        """The correlation."""
        return self.estimate.value

    @property
    def interval(self) -> Interval:
        """95% percentile bootstrap interval over images."""
        return self.estimate.interval


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
    pairs = RankCorrelations(dict(first=first, second=second), num_resamples,
                             seed)
    estimate = pairs.between('first', 'second')
    return RankCorrelation(estimate,
                           bonett_wright(estimate.value, len(first)),
                           len(first))


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
    if num_images < MIN_IMAGES:
        raise ValueError(f'{num_images} images; an interval for a rank '
                         f'correlation needs at least {MIN_IMAGES}.')
    if abs(rho) >= 1:
        return Interval(rho, rho)
    half = _Z95 * math.sqrt((1 + rho**2 / 2) / (num_images - 3))
    centre = math.atanh(rho)
    return Interval(math.tanh(centre - half), math.tanh(centre + half))


def pearson(first: np.ndarray,
            second: np.ndarray,
            num_resamples: int = 10_000,
            seed: int = 0,
            image: np.ndarray | None = None) -> Estimate:
    """Correlate two scores linearly.

    Args:
        first (np.ndarray): ``(R,)`` scores, not constant.
        second (np.ndarray): ``(R,)`` scores, not constant.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.
        image (np.ndarray | None): ``(R,)`` index of each row's image, from
            0; rows of an image are drawn together. By default every row is
            an image of its own.

    Returns:
        Estimate: Pearson's correlation; a replicate is NaN where a score is
        constant.
    """
    # Centred and scaled, so that no digits are lost in the sums of squares.
    x, y = ((score - np.mean(score)) / np.std(score)
            for score in (first, second))
    moments = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)
    if image is not None:
        moments = np.stack([np.bincount(image, column)
                            for column in moments.T], axis=1)

    def correlate(weights: np.ndarray) -> np.ndarray:
        sums = (weights.T @ moments).T
        x, y, xx, yy, xy = sums[1:] / sums[0]
        scale = (xx - x * x) * (yy - y * y)
        return np.divide(xy - x * y, np.sqrt(np.maximum(scale, 0)),
                         out=np.full_like(xy, np.nan), where=scale > 1e-12)

    replicates = bootstrap({'pearson': correlate}, len(moments),
                           num_resamples, seed)['pearson']
    return Estimate(float(pearsonr(first, second).statistic), replicates)
