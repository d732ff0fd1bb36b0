"""The figures of one test."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from ..evaluation.functional import (
    PredictionTable,
    reliability_diagrams,
    risk_coverage_curves,
    shift_detection,
    uncertainty_scores,
)
from ..evaluation.functional.calibration.calibration_error import NUM_BINS
from ..evaluation.functional.routing.routing_report import RATES, retention_key
from ..evaluation.functional.scores import LEAST_CONFIDENCE
from ..routing import Router
from .reliability_diagram import plot_reliability
from .results import Results
from .retention_curves import plot_retention
from .risk_coverage_curve import plot_risk_coverage
from .shift_curves import plot_auroc_by_severity
from .style import save_figure
from .uncertainty_plane import plot_uncertainty_plane


def draw_figures(table: PredictionTable, results: Results,
                 out_dir: str | Path) -> list[Path]:
    """Draw every figure there is data for.

    - ``uncertainty_plane.png`` needs two members;
    - ``auroc_by_severity.png`` needs clean and corrupted rows;
    - ``retention.png`` needs the values of ``RoutingMetric``;
    - ``reliability.png`` and ``risk_coverage.png`` need clean rows with
      evaluation labels or votes.

    Args:
        table (PredictionTable): R rows.
        results (Results): Numbers of the same test.
        out_dir (str | Path): Folder to write to.

    Returns:
        list[Path]: The files written.
    """
    figures = {
        'uncertainty_plane': _plane(table, results),
        'auroc_by_severity': _shift(table, results),
        'retention': _retention(table, results),
        'reliability': _reliability(table, results),
        'risk_coverage': _risk_coverage(table, results)
    }
    return [save_figure(figure, Path(out_dir) / f'{name}.png')
            for name, figure in figures.items() if figure is not None]


def _plane(table: PredictionTable, results: Results) -> Figure | None:
    if table.num_members < 2:
        return None
    return plot_uncertainty_plane(
        table, results.kind, results.setting('routing', 'severity', 5),
        results.setting('routing', 'ambiguous_quantile', 0.75),
        Router(**results.router) if results.router else None)


def _shift(table: PredictionTable, results: Results) -> Figure | None:
    clean = table.is_clean
    if clean.all() or not clean.any():
        return None
    scores = uncertainty_scores(table, results.kind)
    del scores[LEAST_CONFIDENCE]
    return plot_auroc_by_severity(shift_detection(table, scores))


def _retention(table: PredictionTable, results: Results) -> Figure | None:
    curves = {name: retention_curve(name, results)
              for name in uncertainty_scores(table, results.kind)}
    curves = {name: curve for name, curve in curves.items() if curve}
    if not curves:
        return None
    counts = results.metrics
    return plot_retention(
        curves, counts['routing/rejection_rate'],
        f'{counts["routing/num_ambiguous"]:,.0f} ambiguous faces, '
        f'{counts["routing/num_corrupted"]:,.0f} corrupted copies of '
        f'severity {results.setting("routing", "severity", 5)}')


def retention_curve(name: str, results: Results) -> dict[float, float]:
    """Read the retention of one score by rejection rate from the results.

    Args:
        name (str): The score.
        results (Results): Values of ``RoutingMetric``.

    Returns:
        dict[float, float]: Shares; empty if there are none.
    """
    keys = {float(rate): retention_key(f'routing/retention_{name}', rate)
            for rate in results.setting('routing', 'rates', RATES)}
    return {rate: results.details[key] for rate, key in keys.items()
            if key in results.details}


def _reliability(table: PredictionTable, results: Results) -> Figure | None:
    diagrams = reliability_diagrams(
        table, results.setting('calibration', 'num_bins', NUM_BINS))
    return plot_reliability(diagrams) if diagrams else None


def _risk_coverage(table: PredictionTable, results: Results) -> Figure | None:
    curves = risk_coverage_curves(table, results.kind)
    return plot_risk_coverage(curves) if curves else None
