"""Bootstrap of means over images, many at once."""

from __future__ import annotations

import numpy as np

from .resampling import Interval, resample_counts


def mean_replicates(values: np.ndarray, num_resamples: int,
                    seed: int = 0) -> np.ndarray:
    """Draw images with replacement and average.

    Args:
        values (np.ndarray): ``(N, K)`` quantities of each image.
        num_resamples (int): Replicates B.
        seed (int): Seed of the draws.

    Returns:
        np.ndarray: ``(B, K)`` means, the same images in all K.
    """
    return np.concatenate([
        counts @ values
        for counts in resample_counts(len(values), num_resamples, seed)
    ]) / len(values)


def reflected_interval(estimate: float, replicates: np.ndarray) -> Interval:
    """95% basic bootstrap interval of a quantity that cannot be negative.

    ``2 estimate - quantile`` (Davison and Hinkley 1997, sec. 5.2), cut at 0.
    A binned calibration error is biased upwards, and its replicates are so
    once more; the percentile interval would show that bias twice, this one
    takes it off.

    Args:
        estimate (float): Value on the images themselves.
        replicates (np.ndarray): ``(B,)`` values on resampled images.

    Returns:
        Interval: Both ends, at least 0.
    """
    low, high = np.quantile(replicates, [0.025, 0.975])
    return Interval(max(float(2 * estimate - high), 0.),
                    max(float(2 * estimate - low), 0.))
