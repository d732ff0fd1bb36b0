"""Routing at matched rejection as a metric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmpretrain.registry import METRICS

from ..functional import PredictionTable, Report, routing_report
from ..functional.routing.routing_report import RATES, check_routing_options
from ..functional.scores import EPISTEMIC
from .member_scores import MemberScoresMetric


@METRICS.register_module()
class RoutingMetric(MemberScoresMetric):
    """Routing by epistemic uncertainty against single-score routing.

    See :func:`~uar_mmpretrain.evaluation.functional.routing_report` for the
    values; their names start with ``routing/``.

    Args:
        kind (str): Decomposition, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        rates (Sequence[float]): Rejection rates of the retention curves.
        headline_rate (float): Rate of ratios and differences.
        severity (int): Severity of the corrupted copies.
        ambiguous_quantile (float): Quantile of the vote entropy from which a
            face is ambiguous.
        score (str): Score that drives rejection: ratios and differences are
            those of this one; 'epistemic' or a channel of the predictions.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap and of the splits in halves.
        **kwargs: As in mmengine's ``BaseMetric``.

    Raises:
        ValueError: If a rate or the quantile is outside (0, 1), the headline
            rate is not one of the rates, or the kind is unknown.
    """

    default_prefix = 'routing'

    def __init__(self,
                 kind: str = 'entropy',
                 rates: Sequence[float] = RATES,
                 headline_rate: float = 0.5,
                 severity: int = 5,
                 ambiguous_quantile: float = 0.75,
                 score: str = EPISTEMIC,
                 num_resamples: int = 2000,
                 seed: int = 0,
                 **kwargs: Any) -> None:
        check_routing_options(rates, headline_rate, ambiguous_quantile)
        super().__init__(kind, **kwargs)
        self.rates = tuple(float(rate) for rate in rates)
        self.headline_rate = headline_rate
        self.severity = severity
        self.ambiguous_quantile = ambiguous_quantile
        self.score = score
        self.num_resamples = num_resamples
        self.seed = seed

    @property
    def settings(self) -> dict[str, Any]:
        """Arguments of the report."""
        return dict(kind=self.kind, rates=self.rates,
                    headline_rate=self.headline_rate, severity=self.severity,
                    ambiguous_quantile=self.ambiguous_quantile,
                    score=self.score, num_resamples=self.num_resamples,
                    seed=self.seed)

    def report(self, table: PredictionTable) -> Report:
        """Compare the routers on a table."""
        return routing_report(table, **self.settings)
