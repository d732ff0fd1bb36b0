"""Figures on corrupted copies: detecting shift, keeping ambiguous faces."""

from __future__ import annotations

import numpy as np

from .. import (
    Estimate,
    PredictionTable,
    RoutingComparison,
    compare_routers,
    routing_rows,
    shift_detection,
)

RATE = 0.5
_ROUTER = 'score'


def shift_figures(table: PredictionTable, score: np.ndarray,
                  num_resamples: int, seed: int) -> dict[str, Estimate]:
    """Tell corrupted from clean images, mean over corruptions.

    Args:
        table (PredictionTable): R rows.
        score (np.ndarray): ``(R,)``, higher for more uncertain.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        dict[str, Estimate]: AUROC ``auroc_mean``, over severities,
        ``auroc_strongest`` and one ``auroc_sevS`` per severity S.

    Raises:
        ValueError: If there are no clean or no corrupted rows.
    """
    found = shift_detection(table, dict(score=score), num_resamples,
                            seed)['score']
    mean = Estimate(float(found.mean.mean()), found.replicates.mean(1))
    return dict(auroc_mean=mean, auroc_strongest=found.estimates[-1],
                **{f'auroc_sev{severity}': one for severity, one
                   in zip(found.severities, found.estimates)})


def one_router(table: PredictionTable, score: np.ndarray, severity: int,
               num_resamples: int, seed: int) -> RoutingComparison:
    """Reject by one score, see :func:`.compare_routers`.

    Args:
        table (PredictionTable): R rows.
        score (np.ndarray): ``(R,)``, higher for more uncertain.
        severity (int): Severity of the corrupted copies.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        RoutingComparison: Of a single router.

    Raises:
        ValueError: As :func:`.routing_rows` raises.
    """
    rows = routing_rows(table, severity, seed=seed)
    return compare_routers({_ROUTER: score[rows.ood]},
                           {_ROUTER: score[rows.clean]}, rows.sets, [RATE],
                           RATE, num_resamples, seed)


def ambiguous_auroc(routers: RoutingComparison) -> Estimate:
    """Return the AUROC of corrupted copies against ambiguous faces."""
    return Estimate(routers.routers[_ROUTER].auroc,
                    routers.replicates[_ROUTER].auroc)


def retention(routers: RoutingComparison) -> Estimate:
    """Return the share of ambiguous faces kept at the rate of all methods.

    Raises:
        ValueError: If the score cannot reject that share: methods are
            compared at matched rejection only.
    """
    matched = routers.against_random(_ROUTER)
    if not matched.comparable:
        raise ValueError(matched.reason)
    return Estimate(routers.routers[_ROUTER].headline_retention,
                    routers.replicates[_ROUTER].retention[:, 0])
