"""Retention of ambiguous faces at matched rejection, as numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .comparison import Comparison, RouterResult
from .matched_rejection import MatchedRejection
from .prediction_table import PredictionTable
from .report import Report
from .resampling import Interval
from .routing_comparison import RoutingComparison, compare_routers
from .routing_sets import RoutingRows, routing_rows
from .scores import EPISTEMIC, NO_EPISTEMIC, uncertainty_scores

RATES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def routing_report(table: PredictionTable,
                   kind: str = 'entropy',
                   rates: Sequence[float] = RATES,
                   headline_rate: float = 0.5,
                   severity: int = 5,
                   ambiguous_quantile: float = 0.75,
                   num_resamples: int = 2000,
                   seed: int = 0) -> Report:
    """Compare routing by epistemic uncertainty with single-score routing.

    Values, S one of epistemic, total, aleatoric, least_confidence:

    - ``retention_S`` of ambiguous faces at ``rejection_rate``, with the 95%
      interval ``..._low``, ``..._high``; ``retention_random``, what a router
      that rejects at random keeps;
    - ``auroc_ambiguous_S``, corrupted copies against ambiguous faces, with
      its interval: the same without a threshold, 0.5 for random;
    - ``ratio_S`` and ``difference_S_points``, epistemic against S (and
      against ``random``), with intervals;
    - ``num_ambiguous``, ``num_clear``, ``num_corrupted`` and
      ``ambiguous_cut``, the vote entropy from which a face is ambiguous.

    Details add the whole curves (``..._at_<percent>``), the realised
    rejection, the retention of unambiguous faces and the in-sample values.

    Args:
        table (PredictionTable): R rows.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        rates (Sequence[float]): Rejection rates of the curves.
        headline_rate (float): Rate of the headline, one of ``rates``.
        severity (int): Severity of the corrupted copies.
        ambiguous_quantile (float): Quantile of the vote entropy from which a
            face is ambiguous.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap and of the splits in halves.

    Returns:
        Report: Floats with stable keys; what is left out has its reason in
        the notes.

    Raises:
        ValueError: If a rate or the quantile is out of range.
    """
    check_routing_options(rates, headline_rate, ambiguous_quantile)
    report = Report()
    scores = uncertainty_scores(table, kind)
    try:
        rows = routing_rows(table, severity, ambiguous_quantile, seed)
        result = compare_routers(
            {name: score[rows.ood] for name, score in scores.items()},
            {name: score[rows.clean] for name, score in scores.items()},
            rows.sets, rates, headline_rate, num_resamples, seed)
    except ValueError as error:
        report.notes['routing'] = str(error)
        return report
    _write_sets(rows, headline_rate, report)
    for name, router in result.routers.items():
        if router.is_constant:
            report.notes[f'retention_{name}'] = 'the score is constant'
        else:
            _write_router(name, router, report)
    _write_in_sample(scores, rows, headline_rate, report)
    if EPISTEMIC in scores:
        _write_comparisons(result, report)
    else:
        report.notes['epistemic'] = NO_EPISTEMIC
    return report


def check_routing_options(rates: Sequence[float], headline_rate: float,
                          ambiguous_quantile: float) -> None:
    """Refuse impossible options before a long test starts.

    Raises:
        ValueError: If a rate or the quantile is outside (0, 1), or the
            headline rate is not one of the rates.
    """
    shares = {**{f'rates[{i}]': rate for i, rate in enumerate(rates)},
              'headline_rate': headline_rate,
              'ambiguous_quantile': ambiguous_quantile}
    for name, share in shares.items():
        if not 0 < share < 1:
            raise ValueError(f'{name} is {share}; expected a share between '
                             '0 and 1.')
    if not np.isclose(rates, headline_rate).any():
        raise ValueError(f'headline_rate is {headline_rate}; expected one of '
                         f'the rates {list(rates)}.')


def retention_key(name: str, rate: float) -> str:
    """Name a point of a curve, as in ``retention_total_at_50``."""
    return f'{name}_at_{100 * rate:g}'


def _write_sets(rows: RoutingRows, rate: float, report: Report) -> None:
    ambiguous = rows.sets.ambiguous
    report.values.update(
        rejection_rate=float(rate),
        retention_random=1 - float(rate),
        num_ambiguous=float(ambiguous.sum()),
        num_clear=float((~ambiguous).sum()),
        num_corrupted=float(len(rows.ood)),
        ambiguous_cut=rows.cut)


def _write_router(name: str, router: RouterResult, report: Report) -> None:
    at = router.headline
    _write(f'retention_{name}', float(router.retention[at]),
           router.retention_interval, report.values)
    _write(f'auroc_ambiguous_{name}', router.auroc, router.auroc_interval,
           report.values)
    for i, rate in enumerate(router.rates):
        report.details.update({
            retention_key(f'realised_{name}', rate): float(router.realised[i]),
            retention_key(f'retention_{name}', rate):
            float(router.retention[i]),
            retention_key(f'retention_clear_{name}', rate):
            float(router.clear_retention[i])
        })


def _write_in_sample(scores: dict[str, np.ndarray], rows: RoutingRows,
                     rate: float, report: Report) -> None:
    """Add thresholds fitted and measured on the same images, as a check."""
    ones = np.ones((1, rows.sets.num_images), dtype=np.int32)
    for name, score in scores.items():
        point = MatchedRejection(score[rows.ood], score[rows.clean], rows.sets,
                                 [rate])(ones)
        report.details[f'retention_{name}_in_sample'] = float(
            point.retention[0, 0])


def _write_comparisons(result: RoutingComparison, report: Report) -> None:
    for name, comparison in result.against.items():
        if not comparison.comparable:
            report.notes[f'against_{name}'] = comparison.reason
            continue
        _write_comparison(name, comparison, report)


def _write_comparison(name: str, comparison: Comparison,
                      report: Report) -> None:
    if math.isnan(comparison.ratio):
        report.notes[f'ratio_{name}'] = f'{name} keeps no ambiguous face'
    else:
        _write(f'ratio_{name}', comparison.ratio, comparison.ratio_interval,
               report.values)
    _write(f'difference_{name}_points', comparison.difference,
           comparison.difference_interval, report.values)


def _write(key: str, value: float, interval: Interval,
           target: dict[str, float]) -> None:
    target.update({key: value, f'{key}_low': interval.low,
                   f'{key}_high': interval.high})
