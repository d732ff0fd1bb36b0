"""Fitting a router while a calibration split is evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mmengine.logging import print_log
from mmpretrain.registry import METRICS

from ...routing import PromiseError, Router
from ..functional import (
    CalibrationOptions,
    PredictionTable,
    Report,
    calibrate_router,
)
from .member_scores import MemberScoresMetric


@METRICS.register_module()
class CalibrateRouter(MemberScoresMetric):
    """Calibrate a router on the clean images of a split and save it.

    The split must be neither trained nor tested on. A finished training is
    not lost over too small a split: a promise that cannot be kept is replaced
    by a plain quantile, and what that needs is a note in place of a router.

    Args:
        out_file (str | Path): JSON file of the router.
        kind (str): Decomposition, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        options (dict | None): Other fields of
            :class:`uar_mmpretrain.evaluation.functional.CalibrationOptions`.
        checkpoint (str | None): Fingerprint of the weights, stored.
        **kwargs: As in mmengine's ``BaseMetric``.

    Raises:
        ValueError: If an option is not valid.
    """

    default_prefix = 'router'

    def __init__(self,
                 out_file: str | Path,
                 kind: str = 'entropy',
                 options: dict | None = None,
                 checkpoint: str | None = None,
                 **kwargs: Any) -> None:
        super().__init__(kind, **kwargs)
        self.out_file = Path(out_file)
        self.options = CalibrationOptions(kind=kind, **(options or {}))
        self.checkpoint = checkpoint

    def report(self, table: PredictionTable) -> Report:
        """Calibrate and save; what cannot be done is a note."""
        report = Report(values={})
        if self.excluded:
            report.notes['members'] = self.excluded
        try:
            router = self._calibrate(table, report)
        except (KeyError, ValueError) as error:
            report.notes['router'] = str(error.args[0])
            return report
        router.save(self.out_file)
        print_log(f'router: {self.out_file}', 'current')
        report.values.update(tau_epistemic=router.tau_epistemic,
                             tau_aleatoric=router.tau_aleatoric)
        return report

    def _calibrate(self, table: PredictionTable, report: Report) -> Router:
        known = dict(checkpoint=self.checkpoint, split=self._split())
        try:
            return calibrate_router(table, self.options, **known)
        except PromiseError as error:
            router = calibrate_router(
                table, replace(self.options, promise='quantile'), **known)
            report.notes['promise'] = str(error)
            return router

    def _split(self) -> Sequence[str]:
        """Return what names the calibration split."""
        meta = self.dataset_meta or {}
        return [str(meta[key]) for key in ('dataset', 'split')
                if meta.get(key)]
