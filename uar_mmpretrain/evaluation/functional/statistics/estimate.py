"""A figure, its bootstrap replicates, and paired differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .resampling import Interval, percentile_interval


@dataclass(frozen=True, eq=False)
class Estimate:
    """A figure computed from images, and the same on drawn images.

    Estimates whose replicates come from the same draws (the same images,
    number of replicates and seed) may be combined: what two scores share on
    a drawn set of faces cancels in their difference (paired bootstrap, Efron
    and Tibshirani 1993, ch. 8).

    Args:
        value (float): The figure on all images.
        replicates (np.ndarray): ``(B,)`` values on drawn images; NaN where
            a draw does not define one.
    """

    value: float
    replicates: np.ndarray

    @property
    def interval(self) -> Interval:
        """95% percentile interval, NaN without replicates."""
        return percentile_interval(self.replicates)

    def __sub__(self, other: Estimate) -> Estimate:
        """Return the paired difference.

        Raises:
            ValueError: If the numbers of replicates differ.
        """
        if len(self.replicates) != len(other.replicates):
            raise ValueError(
                f'{len(self.replicates)} and {len(other.replicates)} '
                'replicates; a paired difference needs the same draws.')
        return Estimate(self.value - other.value,
                        self.replicates - other.replicates)

    def named(self, key: str) -> dict[str, float]:
        """Return the figure under ``key``, its ends beside it.

        Args:
            key (str): Name; the ends get ``_low`` and ``_high``.

        Returns:
            dict[str, float]: Three values, one if there are no replicates.
        """
        if len(self.replicates) == 0:
            return {key: self.value}
        low, high = self.interval
        return {key: self.value, f'{key}_low': low, f'{key}_high': high}
