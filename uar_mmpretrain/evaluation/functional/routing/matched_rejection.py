"""Rejecting the same share of corrupted inputs with every score.

The threshold at rate r is the one that rejects ``ceil(r |D_out|)`` of the
corrupted copies. What is then asked is which share of the clean, ambiguous
faces survives.

Held out, thresholds are fitted on the copies of one half of the images and
everything is measured on the other half; then the halves swap and the counts
are added. So every face is measured once, and never by a threshold its own
copies helped to set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..statistics.detection import placements
from ..statistics.ranked_scores import RankedScores
from .rejection_outcome import Outcome
from .routing_sets import RoutingSets


class MatchedRejection:
    """One score, measured under any weighting and any split of the images.

    Args:
        ood_scores (np.ndarray): ``(P,)`` scores of the corrupted copies,
            higher for more uncertain.
        clean_scores (np.ndarray): ``(Q,)`` scores of the clean rows.
        sets (RoutingSets): What the rows are.
        rates (Sequence[float]): K rates at which to reject, in (0, 1].

    Raises:
        ValueError: If a rate is outside (0, 1], a set is empty, or a score
            is NaN.
    """

    def __init__(self, ood_scores: np.ndarray, clean_scores: np.ndarray,
                 sets: RoutingSets, rates: Sequence[float]) -> None:
        _check(ood_scores, clean_scores, sets, rates)
        self.rates = np.asarray(rates, dtype=np.float64)
        self.num_images = sets.num_images
        self.whole = _Part(
            RankedScores.sort(ood_scores, sets.ood),
            RankedScores.sort(clean_scores[sets.ambiguous],
                              sets.clean[sets.ambiguous]),
            RankedScores.sort(clean_scores[~sets.ambiguous],
                              sets.clean[~sets.ambiguous]))

    def __call__(self, counts: np.ndarray,
                 half: np.ndarray | None = None) -> Outcome:
        """Measure under weights.

        Args:
            counts (np.ndarray): ``(b, n)`` whole weight of each image; ones
                for the plain result.
            half (np.ndarray | None): ``(n,)`` 0 or 1, the half of each
                image; None fits and measures on all of them (in-sample).

        Returns:
            Outcome: Counts and AUROC per weighting.

        Raises:
            ValueError: If a half has no corrupted copies.
        """
        parts = self._parts(half)
        below = [part.ood.cumulate(counts) for part in parts]
        taus = [part.ood.thresholds(cumulative, self.rates)
                for part, cumulative in zip(parts, below)]
        shape = len(counts), len(self.rates)
        rejected, kept, kept_clear = np.zeros((3, *shape), dtype=np.int64)
        num_ood, num_clear = np.zeros((2, len(counts)), dtype=np.int64)
        # Measured with the threshold of the other part.
        for part, cumulative, tau in zip(parts, below, reversed(taus)):
            rejected += cumulative[:, -1:] - part.ood.count_up_to(tau,
                                                                  cumulative)
            kept += part.ambiguous.kept(tau, counts)
            kept_clear += part.clear.kept(tau, counts)
            num_ood += cumulative[:, -1]
            num_clear += counts[:, part.clear.image].sum(1)
        rivals = counts[:, self.whole.ambiguous.image]
        return Outcome(rejected, num_ood, kept, rivals.sum(1), kept_clear,
                       num_clear, self._auroc(rivals, parts, below))

    def held_out(self, halves: np.ndarray) -> Outcome:
        """Measure every image once per split, and average over the splits.

        Args:
            halves (np.ndarray): ``(H, n)`` 0 or 1.

        Returns:
            Outcome: One weighting, mean counts.
        """
        ones = np.ones((1, self.num_images), dtype=np.int32)
        return Outcome.merge([self(ones, half) for half in halves],
                             lambda parts: np.mean(parts, axis=0))

    def _parts(self, half: np.ndarray | None) -> list[_Part]:
        if half is None:
            return [self.whole]
        parts = [self.whole.of(half == side) for side in (0, 1)]
        if not all(len(part.ood.image) for part in parts):
            raise ValueError('a half of the images has no corrupted '
                             'copies; thresholds cannot be fitted on it.')
        return parts

    def _auroc(self, rivals: np.ndarray, parts: list[_Part],
               below: list[np.ndarray]) -> np.ndarray:
        above = np.zeros(rivals.shape)
        for part, cumulative in zip(parts, below):
            low, high = placements(self.whole.ambiguous.scores,
                                   part.ood.scores)
            above += cumulative[:, -1:] - (cumulative[:, low] +
                                           cumulative[:, high]) / 2
        pairs = rivals.sum(1) * sum(
            cumulative[:, -1].astype(np.float64) for cumulative in below)
        return np.divide((rivals * above).sum(1), pairs,
                         out=np.full(pairs.shape, np.nan), where=pairs > 0)


@dataclass(frozen=True, eq=False)
class _Part:
    """The three sets, of all images or of one half."""

    ood: RankedScores
    ambiguous: RankedScores
    clear: RankedScores

    def of(self, chosen: np.ndarray) -> _Part:
        return _Part(*(rows.of(chosen) for rows in vars(self).values()))


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
