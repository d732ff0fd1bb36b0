"""Which corruptions a router rejects, and which it takes for faces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..statistics.ranked_scores import RankedScores
from .held_out_figures import held_out_figures
from .routing_sets import RoutingRows, RoutingSets


def corruption_details(ood_scores: Mapping[str, np.ndarray],
                       clean_scores: Mapping[str, np.ndarray],
                       rows: RoutingRows, rate: float) -> dict[str, float]:
    """Measure every score on every corruption, held out.

    A pooled threshold keeps the same ambiguous faces whatever the
    corruption; what differs is the share of each corruption it rejects.
    Matched on one corruption alone, the rejection is the same and the
    retention differs.

    Args:
        ood_scores (Mapping[str, np.ndarray]): ``(P,)`` scores of corrupted
            copies by name.
        clean_scores (Mapping[str, np.ndarray]): ``(Q,)`` scores of clean
            rows, same names.
        rows (RoutingRows): What the rows are.
        rate (float): Rejection rate.

    Returns:
        dict[str, float]: For each score S and corruption c:
        ``rejected_S_c`` by the threshold fitted on all corruptions together,
        ``retention_S_c`` by the one fitted on c alone, and
        ``auroc_ambiguous_S_c``.

    Raises:
        ValueError: If one half of the images has no copies of a corruption.
    """
    found: dict[str, float] = {}
    sets = rows.sets
    groups = {str(name): np.flatnonzero(rows.corruption == name)
              for name in np.unique(rows.corruption)}
    for name, ood in ood_scores.items():
        rejected = pooled_rejection(ood, sets, rate)
        for corruption, copies in groups.items():
            alone = replace(sets, ood=sets.ood[copies])
            key = f'{name}_{corruption}'
            found[f'rejected_{key}'] = float(rejected[copies].mean())
            found.update(held_out_figures(key, ood[copies],
                                          clean_scores[name], alone, rate))
    return found


def pooled_rejection(scores: np.ndarray, sets: RoutingSets,
                     rate: float) -> np.ndarray:
    """Return how often each copy is rejected by the other half's threshold.

    Args:
        scores (np.ndarray): ``(P,)`` scores of the corrupted copies.
        sets (RoutingSets): What the rows are.
        rate (float): Rejection rate the thresholds are fitted for.

    Returns:
        np.ndarray: ``(P,)`` share of the splits that reject the copy.
    """
    ranked = RankedScores.sort(scores, sets.ood)
    ones = np.ones((1, sets.num_images), dtype=np.int32)
    rejections = np.zeros(len(scores))
    for half in sets.halves:
        for side in (0, 1):
            fit = ranked.of(half != side)
            tau = fit.thresholds(fit.cumulate(ones), np.array([rate]))[0, 0]
            rejections += (half[sets.ood] == side) & (scores > tau)
    return rejections / len(sets.halves)
