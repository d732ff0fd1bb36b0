"""The figures of one test."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from ..evaluation.functional import (
    PredictionTable,
    shift_detection,
    uncertainty_scores,
)
from ..evaluation.functional.routing_report import RATES, retention_key
from ..evaluation.functional.scores import LEAST_CONFIDENCE
from ..routing import Router
from .results import Results
from .retention_curves import plot_retention
from .shift_curves import plot_auroc_by_severity
from .style import SCORE_NAMES, save_figure
from .uncertainty_plane import plot_uncertainty_plane


def draw_figures(table: PredictionTable, results: Results,
                 out_dir: str | Path) -> list[Path]:
    """Draw every figure there is data for.

    - ``uncertainty_plane.png`` needs two members;
    - ``auroc_by_severity.png`` needs clean and corrupted rows;
    - ``retention.png`` needs the values of ``RoutingMetric``.

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
        'retention': _retention(results)
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


def _retention(results: Results) -> Figure | None:
    curves = {name: _curve(name, results) for name in SCORE_NAMES}
    curves = {name: curve for name, curve in curves.items() if curve}
    if not curves:
        return None
    counts = results.metrics
    return plot_retention(
        curves, counts['routing/rejection_rate'],
        f'{counts["routing/num_ambiguous"]:,.0f} ambiguous faces, '
        f'{counts["routing/num_corrupted"]:,.0f} corrupted copies of '
        f'severity {results.setting("routing", "severity", 5)}')


def _curve(name: str, results: Results) -> dict[float, float]:
    keys = {float(rate): retention_key(f'routing/retention_{name}', rate)
            for rate in results.setting('routing', 'rates', RATES)}
    return {rate: results.details[key] for rate, key in keys.items()
            if key in results.details}
