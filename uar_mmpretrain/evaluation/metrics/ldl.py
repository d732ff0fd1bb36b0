"""Label distribution learning measures as a metric."""

from __future__ import annotations

from typing import Any

from mmpretrain.registry import METRICS

from ..functional import PredictionTable, Report, ldl_report
from .member_scores import MemberScoresMetric


@METRICS.register_module()
class LDLMetric(MemberScoresMetric):
    """Distance of the mean scores from the vote distributions.

    See :func:`~uar_mmpretrain.evaluation.functional.ldl_report` for the
    values; their names start with ``ldl/``.

    Args:
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.
        **kwargs: As in mmengine's ``BaseMetric``.
    """

    default_prefix = 'ldl'

    def __init__(self,
                 num_resamples: int = 2000,
                 seed: int = 0,
                 **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.num_resamples = num_resamples
        self.seed = seed

    @property
    def settings(self) -> dict[str, Any]:
        """Arguments of the report."""
        return dict(num_resamples=self.num_resamples, seed=self.seed)

    def report(self, table: PredictionTable) -> Report:
        """Compare the distributions of a table."""
        return ldl_report(table, **self.settings)
