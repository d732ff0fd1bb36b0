"""Retention of ambiguous faces at matched rejection, as numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..prediction_table import PredictionTable
from ..report import Report
from ..scores import EPISTEMIC, NO_EPISTEMIC, uncertainty_scores
from .matched_rejection import MatchedRejection
from .router_result import RouterResult
from .routing_by_corruption import corruption_details
from .routing_comparators import write_comparisons, write_interval
from .routing_comparison import compare_routers
from .routing_sensitivity import sensitivity_details
from .routing_sets import RoutingRows, routing_rows

RATES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_Scores = dict[str, np.ndarray]


def routing_report(table: PredictionTable,
                   kind: str = 'entropy',
                   rates: Sequence[float] = RATES,
                   headline_rate: float = 0.5,
                   severity: int = 5,
                   ambiguous_quantile: float = 0.75,
                   score: str = EPISTEMIC,
                   num_resamples: int = 2000,
                   seed: int = 0) -> Report:
    """Compare routing by epistemic uncertainty with single-score routing.

    Values, S one of epistemic, total, aleatoric, least_confidence and the
    table's own channels (``ldl_entropy`` among them is a comparator, every
    other one a further router under test):

    - ``retention_S`` of ambiguous faces at ``rejection_rate``, with the 95%
      interval ``..._low``, ``..._high``; ``retention_random``, what a router
      that rejects at random keeps;
    - ``auroc_ambiguous_S``, corrupted copies against ambiguous faces, with
      its interval: the same without a threshold, 0.5 for random;
    - ``ratio_X`` and ``difference_X_points``, the driving ``score`` against
      X, with intervals: each comparator, epistemic where it does not drive,
      ``random``, and ``best``, whichever comparator keeps most, chosen on
      the same images and anew in every replicate, to its own advantage;
    - ``num_ambiguous``, ``num_clear``, ``num_corrupted`` and
      ``ambiguous_cut``, the vote entropy from which a face is ambiguous.

    Details:

    - the curves, ``realised_S``, ``retention_S`` and ``retention_clear_S``
      with ``_at_<percent>``; ``retention_S_in_sample``, a check;
    - ``best_comparator_<name>``, its retention, and
      ``difference_X_points_of_S`` of the routers that do not drive;
    - the keys of :func:`.sensitivity_details`, for other definitions of
      ambiguous, and of :func:`.corruption_details`, for each corruption;
      ``worst_corruption_<name>``, the lowest ``auroc_ambiguous`` of the
      driving score.

    Args:
        table (PredictionTable): R rows.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        rates (Sequence[float]): Rejection rates of the curves.
        headline_rate (float): Rate of the headline, one of ``rates``.
        severity (int): Severity of the corrupted copies.
        ambiguous_quantile (float): Quantile of the vote entropy from which a
            face is ambiguous.
        score (str): Score that drives rejection.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap and of the splits in halves.

    Returns:
        Report: Floats with stable keys; what is left out has its reason in
        the notes. Without the driving score (epistemic for a single member)
        the other scores are reported one by one.

    Raises:
        ValueError: If a rate or the quantile is out of range.
    """
    check_routing_options(rates, headline_rate, ambiguous_quantile)
    report = Report()
    try:
        rows = routing_rows(table, severity, ambiguous_quantile, seed)
        ood, clean = _scores(table, rows, kind)
        result = compare_routers(ood, clean, rows.sets, rates, headline_rate,
                                 num_resamples, seed)
    except ValueError as error:
        report.notes['routing'] = str(error)
        return report
    _write_sets(rows, headline_rate, report)
    for name, router in result.routers.items():
        if router.is_constant:
            report.notes[f'retention_{name}'] = 'the score is constant'
        else:
            _write_router(name, router, report)
    _write_in_sample(ood, clean, rows, headline_rate, report)
    write_comparisons(result, score, report)
    if score not in result.routers:
        report.notes[score] = NO_EPISTEMIC if score == EPISTEMIC else (
            f'there is no such score; found {", ".join(result.routers)}')
    varying = {name: values for name, values in ood.items()
               if not result.routers[name].is_constant}
    report.details.update(
        sensitivity_details(varying, clean, rows, headline_rate))
    _write_corruptions(varying, clean, rows, headline_rate, score, report)
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


def _scores(table: PredictionTable, rows: RoutingRows,
            kind: str) -> tuple[_Scores, _Scores]:
    """Score the corrupted copies and the clean rows, and no other rows."""
    used = np.zeros(len(table), dtype=bool)
    used[rows.ood] = used[rows.clean] = True
    scores = uncertainty_scores(table.select(used), kind)
    place = np.cumsum(used) - 1
    return ({name: score[place[rows.ood]] for name, score in scores.items()},
            {name: score[place[rows.clean]] for name, score in scores.items()})


def _write_router(name: str, router: RouterResult, report: Report) -> None:
    write_interval(f'retention_{name}', router.headline_retention,
                   router.retention_interval, report.values)
    write_interval(f'auroc_ambiguous_{name}', router.auroc,
                   router.auroc_interval, report.values)
    for i, rate in enumerate(router.rates):
        report.details.update({
            retention_key(f'realised_{name}', rate): float(router.realised[i]),
            retention_key(f'retention_{name}', rate):
            float(router.retention[i]),
            retention_key(f'retention_clear_{name}', rate):
            float(router.clear_retention[i])
        })


def _write_in_sample(ood: _Scores, clean: _Scores, rows: RoutingRows,
                     rate: float, report: Report) -> None:
    """Add thresholds fitted and measured on the same images, as a check."""
    ones = np.ones((1, rows.sets.num_images), dtype=np.int32)
    for name, scores in ood.items():
        point = MatchedRejection(scores, clean[name], rows.sets, [rate])(ones)
        report.details[f'retention_{name}_in_sample'] = float(
            point.retention[0, 0])


def _write_corruptions(ood: _Scores, clean: _Scores, rows: RoutingRows,
                       rate: float, score: str, report: Report) -> None:
    try:
        found = corruption_details(ood, clean, rows, rate)
    except ValueError as error:
        report.notes['corruptions'] = str(error)
        return
    report.details.update(found)
    if score in ood:
        aurocs = {str(name): found[f'auroc_ambiguous_{score}_{name}']
                  for name in np.unique(rows.corruption)}
        worst = min(aurocs, key=lambda name: aurocs[name])
        report.details[f'worst_corruption_{worst}'] = aurocs[worst]
