"""Writing every prediction of a test once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmengine.logging import print_log
from mmpretrain.registry import METRICS

from ...routing import Router
from ..functional import PredictionTable, Report, write_table
from .member_scores import MemberScoresMetric


@METRICS.register_module()
class DumpPredictions(MemberScoresMetric):
    """Write one row per image and corruption; all else can be redrawn.

    Args:
        out_file (str | Path): ``.parquet`` or ``.csv`` file, see
            :func:`~uar_mmpretrain.evaluation.functional.write_table`.
        router (Router | None): Adds the column ``action``.
        kind (str): Decomposition of the columns of uncertainties, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        **kwargs: As in mmengine's ``BaseMetric``.
    """

    default_prefix = 'predictions'

    def __init__(self,
                 out_file: str | Path,
                 router: Router | None = None,
                 kind: str = 'entropy',
                 **kwargs: Any) -> None:
        super().__init__(kind, **kwargs)
        self.out_file = Path(out_file)
        self.router = router

    def report(self, table: PredictionTable) -> Report:
        """Write the table; on the main process only."""
        report = Report(values=dict(num_rows=float(len(table))))
        if self.excluded:
            report.notes['members'] = self.excluded
        if self.router is not None:
            try:
                table = table.with_action(self.router.route_scores(
                    table.member_scores, table.channels))
            except (KeyError, ValueError) as error:
                # One member, or a channel that this model does not write: a
                # long test is not lost over it.
                report.notes['action'] = str(error.args[0])
        self.table = table
        write_table(table, self.out_file, self.kind)
        print_log(f'predictions: {self.out_file}', 'current')
        return report
