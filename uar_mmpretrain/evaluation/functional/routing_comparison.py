"""Uncertainty-aware routing against one score, at matched rejection."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable

import numpy as np

from .comparison import Comparison, RouterResult, compare, compare_with_random
from .matched_rejection import MatchedRejection, Outcome
from .resampling import percentile_interval, resample_counts
from .routing_sets import RoutingSets


@dataclass(frozen=True, eq=False)
class RoutingComparison:
    """All routers, and the first of them against each other one.

    Args:
        routers (dict[str, RouterResult]): By score.
        against (dict[str, Comparison]): The first router against the others
            and against 'random', which keeps ``1 - r`` of every set.
    """

    routers: dict[str, RouterResult]
    against: dict[str, Comparison]


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
            copies by name; the first one is the router under test.
        clean_scores (Mapping[str, np.ndarray]): ``(Q,)`` scores of clean
            rows, same names.
        sets (RoutingSets): What the rows are.
        rates (Sequence[float]): Rates of the curve; must contain
            ``headline_rate``.
        headline_rate (float): Rate of the ratios and differences, below 1.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        RoutingComparison: One result per score, and the comparisons.

    Raises:
        ValueError: As :class:`MatchedRejection` raises.
    """
    headline = int(np.flatnonzero(np.isclose(rates, headline_rate))[0])
    points = _points(ood_scores, clean_scores, sets, rates)
    replicates = _bootstrap(ood_scores, clean_scores, sets, headline_rate,
                            num_resamples, seed)
    routers = {
        name: _router(point, rates, headline, replicates[name],
                      _is_constant(ood_scores[name], clean_scores[name]))
        for name, point in points.items()
    }
    first, *others = routers
    against = {other: compare(routers, replicates, first, other)
               for other in others}
    against['random'] = compare_with_random(routers[first],
                                            replicates[first])
    return RoutingComparison(routers, against)


def _points(ood_scores: Mapping[str, np.ndarray],
            clean_scores: Mapping[str, np.ndarray], sets: RoutingSets,
            rates: Sequence[float]) -> dict[str, Outcome]:
    """Return the outcome of each score, the mean over the splits."""
    ones = np.ones((1, sets.num_images), dtype=np.int32)
    return {
        name: _merge([
            MatchedRejection(ood, clean_scores[name], sets, rates, half)(ones)
            for half in sets.halves
        ], lambda parts: np.mean(parts, axis=0))
        for name, ood in ood_scores.items()
    }


def _bootstrap(ood_scores: Mapping[str, np.ndarray],
               clean_scores: Mapping[str, np.ndarray], sets: RoutingSets,
               rate: float, num_resamples: int,
               seed: int) -> dict[str, Outcome]:
    """Return outcomes of B replicates at one rate, by score."""
    chunks: dict[str, list[Outcome]] = {name: [] for name in ood_scores}
    share = math.ceil(num_resamples / len(sets.halves))
    rows = max(1, len(sets.ood) // sets.num_images)
    for split, half in enumerate(sets.halves):
        prepared = {
            name: MatchedRejection(ood, clean_scores[name], sets, [rate],
                                   half)
            for name, ood in ood_scores.items()
        }
        for counts in resample_counts(sets.num_images, share, (seed, split),
                                      rows):
            for name, measure in prepared.items():
                chunks[name].append(measure(counts))
    return {name: _merge(parts, np.concatenate)
            for name, parts in chunks.items()}


def _merge(parts: Sequence[Outcome],
           how: Callable[[list[np.ndarray]], np.ndarray]) -> Outcome:
    return Outcome(**{name: how([getattr(part, name) for part in parts])
                      for name in vars(parts[0])})


def _router(point: Outcome, rates: Sequence[float], headline: int,
            replicates: Outcome, is_constant: bool) -> RouterResult:
    return RouterResult(
        np.asarray(rates, dtype=np.float64), point.realised[0],
        point.retention[0], point.clear_retention[0], float(point.auroc[0]),
        headline, percentile_interval(replicates.retention[:, 0]),
        percentile_interval(replicates.auroc), is_constant)


def _is_constant(*scores: np.ndarray) -> bool:
    return min(s.min() for s in scores) == max(s.max() for s in scores)
