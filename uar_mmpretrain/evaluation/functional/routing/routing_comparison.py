"""Uncertainty-aware routing against one score, at matched rejection."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..statistics.resampling import percentile_interval, resample_counts
from .comparison import (
    Comparison,
    best_comparator,
    compare,
    compare_with_best,
    compare_with_random,
)
from .matched_rejection import MatchedRejection
from .rejection_outcome import Outcome
from .router_result import RouterResult
from .routing_sets import RoutingSets


@dataclass(frozen=True, eq=False)
class RoutingComparison:
    """All routers, measured on the same images and the same replicates.

    Args:
        routers (dict[str, RouterResult]): By score.
        replicates (dict[str, Outcome]): Bootstrap replicates at the headline
            rate by score, drawn together.
    """

    routers: dict[str, RouterResult]
    replicates: dict[str, Outcome]

    def against(self, name: str, other: str) -> Comparison:
        """Compare one router with another one."""
        return compare(self.routers, self.replicates, name, other)

    def against_random(self, name: str) -> Comparison:
        """Compare with a router that keeps ``1 - r`` of every set."""
        return compare_with_random(self.routers[name], self.replicates[name])

    def against_best(self, name: str,
                     comparators: Sequence[str]) -> Comparison:
        """Compare with the strongest of several comparators."""
        return compare_with_best(self.routers, self.replicates, name,
                                 comparators)

    def best(self, name: str, comparators: Sequence[str]) -> str | None:
        """Name the strongest comparator; None if none is comparable."""
        return best_comparator(self.routers, name, comparators)


def compare_routers(ood_scores: Mapping[str, np.ndarray],
                    clean_scores: Mapping[str, np.ndarray],
                    sets: RoutingSets,
                    rates: Sequence[float],
                    headline_rate: float = 0.5,
                    num_resamples: int = 2000,
                    seed: int = 0) -> RoutingComparison:
    """Compare rejection scores at matched rejection of corrupted copies.

    Results are held out (see :mod:`.matched_rejection`) and averaged over
    the splits in ``sets``. Intervals come from a bootstrap over images: an
    image brings its clean row and all its corrupted copies, which faces are
    ambiguous stays fixed, thresholds are fitted anew in every replicate.
    Every split gets its share of the replicates, so the intervals are those
    of a single split, a little wider than the average deserves.

    Args:
        ood_scores (Mapping[str, np.ndarray]): ``(P,)`` scores of corrupted
            copies by name.
        clean_scores (Mapping[str, np.ndarray]): ``(Q,)`` scores of clean
            rows, same names.
        sets (RoutingSets): What the rows are.
        rates (Sequence[float]): Rates of the curve; must contain
            ``headline_rate``.
        headline_rate (float): Rate of the ratios and differences, below 1.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        RoutingComparison: One result per score, ready to be compared.

    Raises:
        ValueError: As :class:`MatchedRejection` raises.
    """
    headline = int(np.flatnonzero(np.isclose(rates, headline_rate))[0])
    points, prepared = {}, {}
    for name, ood in ood_scores.items():
        clean = clean_scores[name]
        points[name] = MatchedRejection(ood, clean, sets,
                                        rates).held_out(sets.halves)
        prepared[name] = MatchedRejection(ood, clean, sets, [headline_rate])
    replicates = _bootstrap(prepared, sets, num_resamples, seed)
    return RoutingComparison({
        name: _router(point, rates, headline, replicates[name],
                      _is_constant(ood_scores[name], clean_scores[name]))
        for name, point in points.items()
    }, replicates)


def _bootstrap(prepared: Mapping[str, MatchedRejection], sets: RoutingSets,
               num_resamples: int, seed: int) -> dict[str, Outcome]:
    """Return outcomes of B replicates by score."""
    chunks: dict[str, list[Outcome]] = {name: [] for name in prepared}
    share = math.ceil(num_resamples / len(sets.halves))
    rows = max(1, len(sets.ood) // sets.num_images)
    for split, half in enumerate(sets.halves):
        for counts in resample_counts(sets.num_images, share, (seed, split),
                                      rows):
            for name, measure in prepared.items():
                chunks[name].append(measure(counts, half))
    return {name: Outcome.merge(parts, np.concatenate)
            for name, parts in chunks.items()}


def _router(point: Outcome, rates: Sequence[float], headline: int,
            replicates: Outcome, is_constant: bool) -> RouterResult:
    return RouterResult(
        np.asarray(rates, dtype=np.float64), point.realised[0],
        point.retention[0], point.clear_retention[0], float(point.auroc[0]),
        headline, percentile_interval(replicates.retention[:, 0]),
        percentile_interval(replicates.auroc), is_constant)


def _is_constant(*scores: np.ndarray) -> bool:
    return min(s.min() for s in scores) == max(s.max() for s in scores)
