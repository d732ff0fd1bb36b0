"""Calibration as a metric."""

from __future__ import annotations

from typing import Any

from mmpretrain.registry import METRICS

from ..functional import PredictionTable, Report, calibration_report
from ..functional.calibration.calibration_error import NUM_BINS, check_num_bins
from .member_scores import MemberScoresMetric


@METRICS.register_module()
class CalibrationMetric(MemberScoresMetric):
    """Calibration against labels and against annotator votes.

    See :func:`~uar_mmpretrain.evaluation.functional.calibration_report` for
    the values; their names start with ``calibration/``.

    Args:
        num_bins (int): Bins of the calibration errors.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.
        **kwargs: As in mmengine's ``BaseMetric``.

    Raises:
        ValueError: If there is less than one bin.
    """

    default_prefix = 'calibration'

    def __init__(self,
                 num_bins: int = NUM_BINS,
                 num_resamples: int = 2000,
                 seed: int = 0,
                 **kwargs: Any) -> None:
        check_num_bins(num_bins)
        super().__init__(**kwargs)
        self.num_bins = num_bins
        self.num_resamples = num_resamples
        self.seed = seed

    @property
    def settings(self) -> dict[str, Any]:
        """Arguments of the report."""
        return dict(num_bins=self.num_bins, num_resamples=self.num_resamples,
                    seed=self.seed)

    def report(self, table: PredictionTable) -> Report:
        """Judge the calibration of a table."""
        return calibration_report(table, **self.settings)
