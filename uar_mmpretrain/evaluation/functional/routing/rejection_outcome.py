"""What one rejection score did, in counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

import numpy as np


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one score does at K rates, in b weightings of the images.

    Args:
        rejected (np.ndarray): ``(b, K)`` corrupted copies rejected.
        num_ood (np.ndarray): ``(b,)`` corrupted copies.
        kept_ambiguous (np.ndarray): ``(b, K)`` ambiguous faces not rejected.
        num_ambiguous (np.ndarray): ``(b,)`` ambiguous faces.
        kept_clear (np.ndarray): ``(b, K)`` other clean faces not rejected.
        num_clear (np.ndarray): ``(b,)`` other clean faces.
        auroc (np.ndarray): ``(b,)`` AUROC of corrupted copies against
            ambiguous faces: up to the placing of thresholds the mean of the
            retention over all rates, 0.5 for a random router.
    """

    rejected: np.ndarray
    num_ood: np.ndarray
    kept_ambiguous: np.ndarray
    num_ambiguous: np.ndarray
    kept_clear: np.ndarray
    num_clear: np.ndarray
    auroc: np.ndarray

    @property
    def realised(self) -> np.ndarray:
        """``(b, K)`` share of corrupted copies rejected."""
        return _share(self.rejected, self.num_ood)

    @property
    def retention(self) -> np.ndarray:
        """``(b, K)`` share of ambiguous faces not rejected."""
        return _share(self.kept_ambiguous, self.num_ambiguous)

    @property
    def clear_retention(self) -> np.ndarray:
        """``(b, K)`` share of unambiguous clean faces not rejected."""
        return _share(self.kept_clear, self.num_clear)

    @staticmethod
    def merge(parts: Sequence[Outcome],
              how: Callable[[list[np.ndarray]], np.ndarray]) -> Outcome:
        """Merge outcomes count by count, e.g. by ``np.concatenate``."""
        return Outcome(**{name: how([getattr(part, name) for part in parts])
                          for name in vars(parts[0])})


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide ``(b, K)`` by ``(b,)``; NaN where there is nothing."""
    return np.divide(part, whole[:, None], where=whole[:, None] > 0,
                     out=np.full(part.shape, np.nan))
