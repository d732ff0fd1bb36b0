"""Selective prediction as a metric."""

from __future__ import annotations

from typing import Any

from mmpretrain.registry import METRICS

from ..functional import PredictionTable, Report, selective_report
from .member_scores import MemberScoresMetric


@METRICS.register_module()
class SelectiveMetric(MemberScoresMetric):
    """Risk and coverage if only the surest answers are given.

    See :func:`~uar_mmpretrain.evaluation.functional.selective_report` for
    the values; their names start with ``selective/``.

    Args:
        kind (str): Decomposition, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.
        **kwargs: As in mmengine's ``BaseMetric``.
    """

    default_prefix = 'selective'

    def __init__(self,
                 kind: str = 'entropy',
                 num_resamples: int = 2000,
                 seed: int = 0,
                 **kwargs: Any) -> None:
        super().__init__(kind, **kwargs)
        self.num_resamples = num_resamples
        self.seed = seed

    @property
    def settings(self) -> dict[str, Any]:
        """Arguments of the report."""
        return dict(kind=self.kind, num_resamples=self.num_resamples,
                    seed=self.seed)

    def report(self, table: PredictionTable) -> Report:
        """Measure every score of a table."""
        return selective_report(table, **self.settings)
