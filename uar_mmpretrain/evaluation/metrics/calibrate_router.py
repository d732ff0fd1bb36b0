"""Fitting a router while a calibration split is evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmengine.logging import print_log
from mmpretrain.registry import METRICS

from ...routing import fit_router
from ..functional import PredictionTable, Report, vote_entropy
from ..functional.scores import NO_EPISTEMIC
from .member_scores import MemberScoresMetric


@METRICS.register_module()
class CalibrateRouter(MemberScoresMetric):
    """Fit both thresholds on the clean images of a split and save them.

    The split must be neither trained nor tested on. See
    :func:`uar_mmpretrain.routing.fit_router`.

    Args:
        out_file (str | Path): JSON file of the router.
        kind (str): Decomposition, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        **kwargs: As in mmengine's ``BaseMetric``.
    """

    default_prefix = 'router'

    def __init__(self,
                 out_file: str | Path,
                 kind: str = 'entropy',
                 **kwargs: Any) -> None:
        super().__init__(kind, **kwargs)
        self.out_file = Path(out_file)

    def report(self, table: PredictionTable) -> Report:
        """Fit and save the router; a single member has none to fit."""
        if table.num_members < 2:
            return Report(values={}, notes=dict(router=NO_EPISTEMIC))
        clean = table.clean()
        entropy = None if clean.votes is None else vote_entropy(clean.votes)
        try:
            router = fit_router(clean.decompose(self.kind), entropy,
                                kind=self.kind)
        except ValueError as error:
            # A finished training is not lost over too small a split.
            return Report(values={}, notes=dict(router=str(error)))
        router.info.update(split=self._split())
        router.save(self.out_file)
        print_log(f'router: {self.out_file}', 'current')
        return Report(values=dict(tau_epistemic=router.tau_epistemic,
                                  tau_aleatoric=router.tau_aleatoric))

    def _split(self) -> Sequence[str]:
        """Return what names the calibration split."""
        meta = self.dataset_meta or {}
        return [str(meta[key]) for key in ('dataset', 'split')
                if meta.get(key)]
