"""Selective prediction by every score, as numbers."""

from __future__ import annotations

from typing import Callable, NamedTuple

import numpy as np

from ..calibration.calibration_measures import vote_share_of_prediction
from ..prediction_table import PredictionTable
from ..report import NO_LABELS, NO_VOTES, Report
from ..scores import EPISTEMIC, NO_EPISTEMIC, uncertainty_scores
from ..statistics.resampling import Interval, percentile_interval
from .risk_coverage import RiskCoverage, aurc_replicates, risk_coverage

_ACCURACY, _COVERAGE = 0.95, 0.8


def selective_report(table: PredictionTable,
                     kind: str = 'entropy',
                     num_resamples: int = 2000,
                     seed: int = 0) -> Report:
    """Answer the clean images with the lowest uncertainty only.

    Two risks: whether the answer is wrong, on the ``num_images`` with an
    evaluation label; and, names with ``_soft``, the share of the votes that
    are not for the answer, on the ``num_images_with_votes``. For S one of
    epistemic, total, aleatoric, least_confidence and the table's channels,
    values are:

    - ``risk``, ``risk_soft``: mean risk if all are answered, which is also
      the AURC of a score that knows nothing;
    - ``aurc_S``, ``aurc_soft_S``: area under the risk-coverage curve with
      the 95% bootstrap interval ``..._low``, ``..._high``;
    - ``eaurc_S``, ``eaurc_soft_S``: its excess over the best order;
    - ``augrc_S``, ``augrc_soft_S``: area under the generalised risk.

    Details add ``coverage_at_accuracy_95_S``, the largest share of images
    that can be answered with 95% right (``..._soft_S``: with 95% of the
    votes), and ``risk_at_coverage_80_S``, ``risk_at_coverage_80_soft_S``.

    Args:
        table (PredictionTable): R rows.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        Report: Floats with stable keys; what has no data is left out, with
        the reason in the notes.
    """
    report = Report()
    clean = table.clean()
    scores = uncertainty_scores(clean, kind)
    if EPISTEMIC not in scores:
        report.notes['epistemic'] = NO_EPISTEMIC
    for risk in (_ERROR, _DISAGREEMENT):
        rows = risk.has(clean)
        report.values[risk.key] = float(rows.sum())
        if not rows.any():
            report.notes[f'aurc{risk.suffix}'] = risk.reason
            continue
        loss = risk.loss(clean.select(rows))
        chosen = {name: score[rows] for name, score in scores.items()}
        drawn = aurc_replicates(chosen, loss, num_resamples, seed)
        for name, score in chosen.items():
            _write(f'{risk.suffix}_{name}', risk_coverage(score, loss),
                   percentile_interval(drawn[name]), report)
        report.values[f'risk{risk.suffix}'] = float(loss.mean())
    return report


def risk_coverage_curves(
        table: PredictionTable,
        kind: str = 'entropy') -> dict[str, dict[str, RiskCoverage]]:
    """Return the curves the report is made of.

    Args:
        table (PredictionTable): R rows.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.

    Returns:
        dict[str, dict[str, RiskCoverage]]: By risk, 'error' and
        'disagreement' (what has no data is left out), then by score.
    """
    clean = table.clean()
    scores = uncertainty_scores(clean, kind)
    out = {}
    for risk in (_ERROR, _DISAGREEMENT):
        rows = risk.has(clean)
        if rows.any():
            loss = risk.loss(clean.select(rows))
            out[risk.name] = {name: risk_coverage(score[rows], loss)
                              for name, score in scores.items()}
    return out


class _Risk(NamedTuple):
    """What an answer costs, and which rows can tell."""

    name: str
    suffix: str
    key: str
    has: Callable[[PredictionTable], np.ndarray]
    loss: Callable[[PredictionTable], np.ndarray]
    reason: str


_ERROR = _Risk(
    'error', '', 'num_images', lambda table: table.eval_label >= 0,
    lambda table: (table.mean_scores.argmax(1)
                   != table.eval_label).astype(np.float64), NO_LABELS)
_DISAGREEMENT = _Risk(
    'disagreement', '_soft', 'num_images_with_votes',
    lambda table: table.voted,
    lambda table: 1 - vote_share_of_prediction(table), NO_VOTES)


def _write(name: str, curve: RiskCoverage, interval: Interval,
           report: Report) -> None:
    report.values.update({f'aurc{name}': curve.aurc,
                          f'aurc{name}_low': interval.low,
                          f'aurc{name}_high': interval.high,
                          f'eaurc{name}': curve.eaurc,
                          f'augrc{name}': curve.augrc})
    report.details.update({
        f'risk_at_coverage_80{name}': curve.risk_at(_COVERAGE),
        f'coverage_at_accuracy_95{name}': curve.coverage_at(1 - _ACCURACY)
    })
