"""Figures, tables and result files of a test."""

from .decision_picture import plot_decision
from .figures import draw_figures
from .merge_results import merge_results
from .publish import publish_results
from .reliability_diagram import plot_reliability
from .result_table import render_results, result_table
from .results import Results, collect_results, recompute
from .retention_curves import plot_retention
from .risk_coverage_curve import plot_risk_coverage
from .routing_visualizer import RoutingVisualizer, picture_name
from .shift_curves import plot_auroc_by_severity
from .uncertainty_plane import plot_uncertainty_plane

__all__ = [
    'Results', 'RoutingVisualizer', 'collect_results', 'draw_figures',
    'merge_results', 'picture_name', 'plot_auroc_by_severity',
    'plot_decision',
    'plot_reliability', 'plot_retention', 'plot_risk_coverage',
    'plot_uncertainty_plane', 'publish_results',
    'recompute', 'render_results', 'result_table'
]
