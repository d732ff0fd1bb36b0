"""Shares with an interval."""

from __future__ import annotations

from scipy.stats import binomtest

from .resampling import Interval


def wilson_interval(count: int, total: int, level: float = 0.95) -> Interval:
    """Score interval of a share of independent images (Wilson 1927).

    Args:
        count (int): Images that have the property.
        total (int): All images.
        level (float): Coverage, in (0, 1).

    Returns:
        Interval: Both ends, in [0, 1]; (0, 1) for no image at all.
    """
    if total == 0:
        return Interval(0., 1.)
    found = binomtest(int(count), int(total)).proportion_ci(level, 'wilson')
    return Interval(float(found.low), float(found.high))
