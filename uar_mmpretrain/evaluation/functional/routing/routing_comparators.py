"""Which router is compared with which, written to a report."""

from __future__ import annotations

import math

from ..report import Report
from ..scores import ALEATORIC, EPISTEMIC, LEAST_CONFIDENCE, TOTAL
from ..statistics.resampling import Interval
from .comparison import Comparison
from .routing_comparison import RoutingComparison

LDL_ENTROPY = 'ldl_entropy'
COMPARATORS = (TOTAL, ALEATORIC, LEAST_CONFIDENCE, LDL_ENTROPY)
"""Single scores that a router has to beat. Every other score, epistemic or a
channel of the table, is a router under test."""


def write_comparisons(result: RoutingComparison, score: str,
                      report: Report) -> None:
    """Compare the router under test with everything, the others with less.

    Values get ``ratio_X`` and ``difference_X_points`` of ``score`` against
    each comparator, epistemic, ``best`` and ``random``. Details get
    ``best_comparator_<name>``, its retention, and for each other router R
    ``difference_X_points_of_R``: against random, and for routers under test
    against ``score`` and the comparators.

    Args:
        result (RoutingComparison): All routers.
        score (str): The score that drives rejection.
        report (Report): Where to write.
    """
    comparators = [name for name in COMPARATORS if name in result.routers]
    if score in result.routers:
        _write_driving(result, score, comparators, report)
    for name, router in result.routers.items():
        if name != score and not router.is_constant:
            _write_other(result, name, score, comparators, report)


def write_interval(key: str, value: float, interval: Interval,
                   target: dict[str, float]) -> None:
    """Write a value with ``<key>_low`` and ``<key>_high``."""
    target.update({key: value, f'{key}_low': interval.low,
                   f'{key}_high': interval.high})


def _write_driving(result: RoutingComparison, score: str,
                   comparators: list[str], report: Report) -> None:
    others = [name for name in (EPISTEMIC, *comparators)
              if name in result.routers and name != score]
    comparisons = _compare(result, score, others, comparators)
    best = result.best(score, comparators)
    if best is not None:
        report.details[f'best_comparator_{best}'] = result.routers[
            best].headline_retention
    for name, comparison in comparisons.items():
        if not comparison.comparable:
            report.notes[f'against_{name}'] = comparison.reason
            continue
        if math.isnan(comparison.ratio):
            report.notes[f'ratio_{name}'] = f'{name} keeps no ambiguous face'
        else:
            write_interval(f'ratio_{name}', comparison.ratio,
                           comparison.ratio_interval, report.values)
        write_interval(f'difference_{name}_points', comparison.difference,
                       comparison.difference_interval, report.values)


def _write_other(result: RoutingComparison, name: str, score: str,
                 comparators: list[str], report: Report) -> None:
    if name in COMPARATORS:
        comparisons = {'random': result.against_random(name)}
    else:
        others = [score, *comparators] if score in result.routers \
            else comparators
        comparisons = _compare(result, name, list(dict.fromkeys(others)),
                               comparators)
    for other, comparison in comparisons.items():
        if comparison.comparable:
            write_interval(f'difference_{other}_points_of_{name}',
                           comparison.difference,
                           comparison.difference_interval, report.details)
        else:
            report.notes[f'{name}_against_{other}'] = comparison.reason


def _compare(result: RoutingComparison, name: str, others: list[str],
             comparators: list[str]) -> dict[str, Comparison]:
    return {
        **{other: result.against(name, other) for other in others},
        'best': result.against_best(name, comparators),
        'random': result.against_random(name)
    }
