"""By which scores a method is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...evaluation.functional.scores import ALEATORIC, EPISTEMIC


@dataclass(frozen=True)
class ChosenScores:
    """Scores of a method's predictions.

    Args:
        rejecting (str): Score that rejects.
        aleatoric (str): Score that is compared with votes.
        severity (int): Severity of the copies routing is judged on.
    """

    rejecting: str = EPISTEMIC
    aleatoric: str = ALEATORIC
    severity: int = 5


def chosen_scores(cfg: Mapping[str, Any]) -> ChosenScores:
    """Read what the metrics of a config say.

    The config, not the results of its test: a score may be chosen after the
    test, which writes all of them.

    Args:
        cfg (Mapping[str, Any]): Config of a test.

    Returns:
        ChosenScores: ``score`` and ``severity`` of its ``RoutingMetric``,
        ``score`` of its ``DecompositionMetric``.
    """
    metrics = cfg.get('test_evaluator') or []
    if isinstance(metrics, Mapping):
        metrics = [metrics]
    by_type = {metric['type']: metric for metric in metrics}
    routing = by_type.get('RoutingMetric', {})
    parts = by_type.get('DecompositionMetric', {})
    default = ChosenScores()
    return ChosenScores(routing.get('score', default.rejecting),
                        parts.get('score', default.aleatoric),
                        routing.get('severity', default.severity))
