"""Rejecting the same share of corrupted inputs with every score.

The threshold at rate r lies midway between the k-th and the (k+1)-th largest
score on the corrupted copies, ``k = ceil(r |D_out|)``, so that a strict ``>``
rejects exactly k of them where there are no ties. What is then asked is which
share of the clean, ambiguous faces survives.

Held out, thresholds are fitted on the copies of one half of the images and
everything is measured on the other half; then the halves swap and the counts
are added. So every face is measured once, and never by a threshold its own
copies helped to set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .detection import placements
from .routing_sets import RoutingSets


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


class MatchedRejection:
    """One score, sorted once, then measured under any weighting of images.

    Args:
        ood_scores (np.ndarray): ``(P,)`` scores of the corrupted copies,
            higher for more uncertain.
        clean_scores (np.ndarray): ``(Q,)`` scores of the clean rows.
        sets (RoutingSets): What the rows are.
        rates (Sequence[float]): K rates at which to reject, in (0, 1].
        half (np.ndarray | None): ``(n,)`` 0 or 1, the half of each image;
            None fits and measures on all of them (in-sample).

    Raises:
        ValueError: If a rate is outside (0, 1], a set is empty, or a score
            is NaN.
    """

    def __init__(self, ood_scores: np.ndarray, clean_scores: np.ndarray,
                 sets: RoutingSets, rates: Sequence[float],
                 half: np.ndarray | None = None) -> None:
        _check(ood_scores, clean_scores, sets, rates)
        self.rates = np.asarray(rates, dtype=np.float64)
        # (fit on, measure on)
        self.pairs = [(0, 0)] if half is None else [(0, 1), (1, 0)]
        if half is None:
            half = np.zeros(sets.num_images, dtype=np.int64)
        self.ood, self.ambiguous, self.clear = {}, {}, {}
        for f, _ in self.pairs:
            ood, clean = half[sets.ood] == f, half[sets.clean] == f
            self.ood[f] = _Sorted(ood_scores, sets.ood, ood)
            self.ambiguous[f] = _Sorted(clean_scores, sets.clean,
                                        clean & sets.ambiguous)
            self.clear[f] = _Sorted(clean_scores, sets.clean,
                                    clean & ~sets.ambiguous)
            if not ood.any():
                raise ValueError('a half of the images has no corrupted '
                                 'copies; thresholds cannot be fitted on it.')
        self.rivals = _Sorted(clean_scores, sets.clean, sets.ambiguous)
        self.placed = {f: placements(self.rivals.scores, rows.scores)
                       for f, rows in self.ood.items()}

    def __call__(self, counts: np.ndarray) -> Outcome:
        """Measure under weights.

        Args:
            counts (np.ndarray): ``(b, n)`` whole weight of each image; ones
                for the plain result.

        Returns:
            Outcome: Counts and AUROC per weighting.
        """
        ood = {f: rows.cumulate(counts) for f, rows in self.ood.items()}
        taus = {f: thresholds(self.ood[f].scores, ood[f], self.rates)
                for f in ood}
        shape = len(counts), len(self.rates)
        rejected, kept, kept_clear = np.zeros((3, *shape), dtype=np.int64)
        num_ood, num_clear = np.zeros((2, len(counts)), dtype=np.int64)
        for fit, measure in self.pairs:
            tau, below = taus[fit], ood[measure]
            rejected += below[:, -1:] - self.ood[measure].count_up_to(
                tau, below)
            kept += self.ambiguous[measure].kept(tau, counts)
            kept_clear += self.clear[measure].kept(tau, counts)
            num_ood += below[:, -1]
            num_clear += counts[:, self.clear[measure].image].sum(1)
        num_ambiguous = counts[:, self.rivals.image].sum(1)
        return Outcome(rejected, num_ood, kept, num_ambiguous, kept_clear,
                       num_clear, self._auroc(counts, ood, num_ood))

    def _auroc(self, counts: np.ndarray, ood: dict[int, np.ndarray],
               num_ood: np.ndarray) -> np.ndarray:
        weights = counts[:, self.rivals.image]
        above = np.zeros(weights.shape)
        for f, cumulative in ood.items():
            low, high = self.placed[f]
            above += cumulative[:, -1:] - (cumulative[:, low] +
                                           cumulative[:, high]) / 2
        pairs = num_ood * weights.sum(1, dtype=np.float64)
        return np.divide((weights * above).sum(1), pairs,
                         out=np.full(pairs.shape, np.nan), where=pairs > 0)


def thresholds(scores: np.ndarray, cumulative: np.ndarray,
               rates: np.ndarray) -> np.ndarray:
    """Midpoint thresholds of weighted scores.

    Args:
        scores (np.ndarray): ``(N,)`` ascending scores.
        cumulative (np.ndarray): ``(b, N + 1)`` whole weight below each
            position.
        rates (np.ndarray): ``(K,)`` rates in (0, 1].

    Returns:
        np.ndarray: ``(b, K)`` thresholds for a strict ``>``.
    """
    out = np.empty((len(cumulative), len(rates)))
    last = len(scores) - 1
    for row, inner in zip(out, cumulative[:, 1:]):
        total = int(inner[-1])
        # 0.55 * 100 is a little more than 55 in floating point.
        left = total - np.ceil(rates * total - 1e-9).astype(np.int64)
        upper = np.searchsorted(inner, left, side='right').clip(max=last)
        lower = np.searchsorted(inner, left, side='left').clip(max=last)
        # At the last rank there is no next score: just below the lowest.
        row[:] = np.where(left > 0, (scores[upper] + scores[lower]) / 2,
                          np.nextafter(scores[upper], -np.inf))
    return out


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide ``(b, K)`` by ``(b,)``; NaN where there is nothing."""
    return np.divide(part, whole[:, None], where=whole[:, None] > 0,
                     out=np.full(part.shape, np.nan))


class _Sorted:
    """Chosen rows in ascending order of their score."""

    def __init__(self, scores: np.ndarray, image: np.ndarray,
                 mask: np.ndarray) -> None:
        rows = np.flatnonzero(mask)
        rows = rows[np.argsort(scores[rows], kind='stable')]
        self.scores, self.image = scores[rows], image[rows]

    def cumulate(self, counts: np.ndarray) -> np.ndarray:
        """Return the ``(b, N + 1)`` weight below each position."""
        out = np.zeros((len(counts), len(self.image) + 1), dtype=np.int64)
        np.cumsum(counts[:, self.image], axis=1, out=out[:, 1:])
        return out

    def count_up_to(self, tau: np.ndarray,
                    cumulative: np.ndarray) -> np.ndarray:
        """Return the ``(b, K)`` weight of scores at or below thresholds."""
        place = np.searchsorted(self.scores, tau, side='right')
        return np.take_along_axis(cumulative, place, axis=1)

    def kept(self, tau: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Return the ``(b, K)`` weight a strict ``>`` does not reject."""
        return self.count_up_to(tau, self.cumulate(counts))


def _check(ood_scores: np.ndarray, clean_scores: np.ndarray,
           sets: RoutingSets, rates: Sequence[float]) -> None:
    for rate in rates:
        if not 0 < rate <= 1:
            raise ValueError(f'rejection rate {rate}; expected a share above '
                             '0 and at most 1.')
    for name, scores, image in (('corrupted', ood_scores, sets.ood),
                                ('clean', clean_scores, sets.clean)):
        if len(scores) != len(image):
            raise ValueError(f'{len(scores)} {name} scores for {len(image)} '
                             'rows.')
        if len(scores) == 0 or np.isnan(scores).any():
            raise ValueError(f'{name} scores are missing or NaN; matched '
                             'rejection needs a number for every row.')
    if sets.ambiguous.all() or not sets.ambiguous.any():
        raise ValueError('all clean faces are ambiguous, or none is; '
                         'retention needs both kinds.')
