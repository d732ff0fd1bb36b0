"""One score on some of the rows, in the two figures every table shows."""

from __future__ import annotations

import numpy as np

from .matched_rejection import MatchedRejection
from .routing_sets import RoutingSets


def held_out_figures(key: str, ood_scores: np.ndarray,
                     clean_scores: np.ndarray, sets: RoutingSets,
                     rate: float) -> dict[str, float]:
    """Measure retention at one rate, and the AUROC that needs no rate.

    Args:
        key (str): Score and subset, as in ``epistemic_fog``.
        ood_scores (np.ndarray): ``(P,)`` scores of corrupted copies.
        clean_scores (np.ndarray): ``(Q,)`` scores of clean rows.
        sets (RoutingSets): What these rows are.
        rate (float): Rejection rate.

    Returns:
        dict[str, float]: ``retention_<key>``, held out, and
        ``auroc_ambiguous_<key>``.

    Raises:
        ValueError: As :class:`MatchedRejection` raises.
    """
    outcome = MatchedRejection(ood_scores, clean_scores, sets,
                               [rate]).held_out(sets.halves)
    return {f'retention_{key}': float(outcome.retention[0, 0]),
            f'auroc_ambiguous_{key}': float(outcome.auroc[0])}
