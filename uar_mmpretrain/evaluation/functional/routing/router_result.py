"""One score as the rejection score of a router."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..statistics.resampling import Interval


@dataclass(frozen=True, eq=False)
class RouterResult:
    """One score as the rejection score of a router.

    Args:
        rates (np.ndarray): ``(K,)`` rejection rates aimed at.
        realised (np.ndarray): ``(K,)`` shares of corrupted copies rejected.
        retention (np.ndarray): ``(K,)`` shares of ambiguous faces kept.
        clear_retention (np.ndarray): ``(K,)`` shares of unambiguous clean
            faces kept.
        auroc (float): Corrupted copies against ambiguous faces.
        headline (int): Index of the headline rate.
        retention_interval (Interval): 95%, at the headline rate.
        auroc_interval (Interval): 95%.
        is_constant (bool): Whether the score is the same everywhere.
    """

    rates: np.ndarray
    realised: np.ndarray
    retention: np.ndarray
    clear_retention: np.ndarray
    auroc: float
    headline: int
    retention_interval: Interval
    auroc_interval: Interval
    is_constant: bool

    @property
    def headline_realised(self) -> float:
        """Share of corrupted copies rejected at the headline rate."""
        return float(self.realised[self.headline])

    @property
    def headline_retention(self) -> float:
        """Share of ambiguous faces kept at the headline rate."""
        return float(self.retention[self.headline])
