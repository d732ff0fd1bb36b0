"""Scores sorted once, then counted under many weightings of the images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class RankedScores:
    """Rows in ascending order of their score.

    Args:
        scores (np.ndarray): ``(N,)`` ascending.
        image (np.ndarray): ``(N,)`` index of each row's image.
    """

    scores: np.ndarray
    image: np.ndarray

    @classmethod
    def sort(cls, scores: np.ndarray, image: np.ndarray) -> RankedScores:
        """Rank rows in any order."""
        order = np.argsort(scores, kind='stable')
        return cls(scores[order], image[order])

    def of(self, chosen: np.ndarray) -> RankedScores:
        """Return the rows of some images.

        Args:
            chosen (np.ndarray): ``(n,)`` mask of the images.
        """
        rows = np.flatnonzero(chosen[self.image])
        return RankedScores(self.scores[rows], self.image[rows])

    def cumulate(self, counts: np.ndarray) -> np.ndarray:
        """Return the ``(b, N + 1)`` int32 weight below each position."""
        out = np.zeros((len(counts), len(self.image) + 1), dtype=np.int32)
        np.cumsum(counts.take(self.image, axis=1), axis=1, dtype=np.int32,
                  out=out[:, 1:])
        return out

    def count_up_to(self, tau: np.ndarray,
                    cumulative: np.ndarray) -> np.ndarray:
        """Return the ``(b, K)`` weight of scores at or below thresholds."""
        place = np.searchsorted(self.scores, tau, side='right')
        return np.take_along_axis(cumulative, place, axis=1)

    def kept(self, tau: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Return the ``(b, K)`` weight a strict ``>`` does not reject."""
        return self.count_up_to(tau, self.cumulate(counts))

    def thresholds(self, cumulative: np.ndarray,
                   rates: np.ndarray) -> np.ndarray:
        """Place the threshold that rejects each rate of the weight.

        It lies midway between the k-th and the (k+1)-th largest score,
        ``k = ceil(r N)``, so that a strict ``>`` rejects exactly k where
        there are no ties.

        Args:
            cumulative (np.ndarray): ``(b, N + 1)`` whole weight below each
                position.
            rates (np.ndarray): ``(K,)`` rates in (0, 1].

        Returns:
            np.ndarray: ``(b, K)`` thresholds for a strict ``>``.
        """
        total = cumulative[:, -1:].astype(np.int64)
        # 0.55 * 100 is a little more than 55 in floating point.
        left = total - np.ceil(rates * total - 1e-9).astype(np.int64)
        upper, lower = np.empty((2, *left.shape), dtype=np.int64)
        for row, inner in enumerate(cumulative[:, 1:]):
            upper[row] = inner.searchsorted(left[row], side='right')
            lower[row] = inner.searchsorted(left[row], side='left')
        last = len(self.scores) - 1
        high = self.scores[np.minimum(upper, last)]
        low = self.scores[np.minimum(lower, last)]
        # At the last rank there is no next score: just below the lowest.
        return np.where(left > 0, (high + low) / 2,
                        np.nextafter(high, -np.inf))
