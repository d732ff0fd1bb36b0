"""Dual validation as a metric."""

from __future__ import annotations

from typing import Any

from mmpretrain.registry import METRICS

from ..functional import PredictionTable, Report, decomposition_report
from .member_scores import MemberScoresMetric


@METRICS.register_module()
class DecompositionMetric(MemberScoresMetric):
    """Aleatoric against annotator votes, epistemic against shift.

    See :func:`~uar_mmpretrain.evaluation.functional.decomposition_report`
    for the values; their names start with ``decomposition/``.

    Args:
        kind (str): Decomposition, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.
        **kwargs: As in mmengine's ``BaseMetric``.
    """

    default_prefix = 'decomposition'

    def __init__(self,
                 kind: str = 'entropy',
                 num_resamples: int = 10_000,
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
        """Validate the decomposition of a table."""
        return decomposition_report(table, **self.settings)
