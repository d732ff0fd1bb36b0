"""Several tests side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...evaluation.functional import risk_coverage_curves
from ..figures import retention_curve
from ..style import BLUE, GREEN, ORANGE, PINK
from .chart import Chart, Trace, axes, line, reference
from .curves import (
    random_retention,
    retention_layout,
    retention_line,
    risk_layout,
    risk_line,
)
from .run import ReportRun, score_name
from .tables import Value, find, headline

_COLOURS = (BLUE, ORANGE, GREEN, PINK, '#E69F00', '#56B4E9', '#8A8A8A')
# For more tests than colours; 'dot' is the reference's.
_DASHES = ('solid', 'dash', 'dashdot', 'longdash', 'longdashdot')
# Compared besides the headline; smaller is better.
_LOWER = {
    'Calibration error (ECE), against labels': 'calibration/ece',
    'Calibration error (ECE), against votes': 'calibration/ece_soft',
    'Area under risk-coverage (AURC), total': 'selective/aurc_total',
}
_Style = dict[str, str]
_Draw = Callable[[ReportRun, str, _Style], 'Trace | None']


def comparison_table(runs: Sequence[ReportRun]) -> list[dict[str, Any]]:
    """Put the headline numbers of several tests in rows.

    Args:
        runs (Sequence[ReportRun]): At least two.

    Returns:
        list[dict]: Per number 'title', 'better' ('higher' or 'lower') and
        'cells', one per test: 'value' (a :class:`Value` or None) and
        whether it is 'best'.
    """
    columns: dict[str, list[Value | None]] = {}
    for place, run in enumerate(runs):
        found = {card.title: card.value for card in headline(run)}
        found.update({title: find(run.results, key)
                      for title, key in _LOWER.items()})
        for title, value in found.items():
            columns.setdefault(title, [None] * len(runs))[place] = value
    return [_row(title, values) for title, values in columns.items()
            if any(value is not None for value in values)]


def _row(title: str, values: list[Value | None]) -> dict[str, Any]:
    lower = title in _LOWER
    there = [value.value for value in values if value is not None]
    best = min(there) if lower else max(there)
    # Where all are equal, none is best.
    winners = {best} if len(set(there)) > 1 else set()
    return dict(title=title, better='lower' if lower else 'higher',
                cells=[dict(value=value, best=value is not None
                            and value.value in winners)
                       for value in values])


def comparison_charts(runs: Sequence[ReportRun]) -> dict[str, Chart]:
    """Draw the curves of several tests over each other.

    Args:
        runs (Sequence[ReportRun]): At least two.

    Returns:
        dict[str, Chart]: 'retention', 'risk' and 'shift', each with one
        variant per score; what no test has is left out.
    """
    charts = dict(
        retention=Chart(
            'Retention of ambiguous faces',
            'As more corrupted copies are rejected, the share of ambiguous '
            'faces that survives, by test: higher is better, the dotted '
            'line is random rejection.',
            _variants(runs, _retention, [random_retention()]),
            retention_layout()),
        risk=Chart(
            'Risk and coverage',
            'Share of wrong answers among the surest clean images, by '
            'test: lower is better.', _variants(runs, _risk, []),
            risk_layout()),
        shift=Chart(
            'Detecting shift',
            'AUROC of corrupted copies against clean images, mean over the '
            'corruptions, by test: higher is better, the dotted line is '
            'chance.',
            _variants(runs, _shift,
                      [reference([1, 5], [0.5, 0.5], 'chance')]),
            axes('severity', 'AUROC', xaxis=dict(dtick=1))))
    return {name: chart for name, chart in charts.items() if chart.variants}


def _variants(runs: Sequence[ReportRun], draw: _Draw,
              below: list[Trace]) -> dict[str, list[Trace]]:
    """Draw one curve per test for every score."""
    names = dict.fromkeys(name for run in runs for name in run.scores)
    variants = {}
    for name in names:
        traces = [draw(run, name, _style(place))
                  for place, run in enumerate(runs)]
        drawn = [trace for trace in traces if trace is not None]
        if drawn:
            variants[score_name(name)] = [*below, *drawn]
    return variants


def _style(place: int) -> _Style:
    """Return colour and dash of a test, all different for 35 of them."""
    dash, colour = divmod(place, len(_COLOURS))
    return dict(color=_COLOURS[colour], dash=_DASHES[dash % len(_DASHES)])


def _retention(run: ReportRun, score: str, style: _Style) -> Trace | None:
    curve = retention_curve(score, run.results)
    return retention_line(curve, run.name, **style) if curve else None


def _risk(run: ReportRun, score: str, style: _Style) -> Trace | None:
    curves = risk_coverage_curves(run.table, run.results.kind)
    curve = curves.get('error', {}).get(score)
    if curve is None:
        return None
    return risk_line(curve, f'{run.name}: AURC {curve.aurc:.4f}', **style)


def _shift(run: ReportRun, score: str, style: _Style) -> Trace | None:
    found = run.shift.get(score)
    if found is None:
        return None
    return dict(line(found.severities, found.mean, run.name, **style),
                mode='lines+markers')


def same_images(runs: Sequence[ReportRun]) -> bool:
    """Whether all tests stand on the same clean images and labels."""
    return len({run.table.clean().data_fingerprint() for run in runs}) == 1
