"""Evaluation as pure functions: arrays and tables in, floats out."""

from .action_report import action_report
from .calibration_error import Reliability, reliability
from .calibration_report import calibration_report, reliability_diagrams
from .correlation import RankCorrelation, bonett_wright, spearman
from .decomposition_report import decomposition_report
from .detection import auroc
from .disentanglement import Sweep, disentanglement_report
from .ldl_report import ldl_report
from .noise_ceiling import VoteCeiling, vote_ceiling
from .per_class import per_class_report
from .prediction_files import (
                               from_frame,
                               has_parquet,
                               read_table,
                               to_frame,
                               write_table,
)
from .prediction_table import PredictionTable
from .report import Report
from .resampling import Interval, percentile_interval, resample_counts
from .risk_coverage import RiskCoverage, risk_coverage
from .router_calibration import CalibrationOptions, calibrate_router
from .routing_comparison import RoutingComparison, compare_routers
from .routing_report import routing_report
from .routing_sets import RoutingRows, RoutingSets, routing_rows
from .scores import uncertainty_scores
from .selective_report import risk_coverage_curves, selective_report
from .shift_detection import ShiftDetection, shift_detection
from .votes import ambiguous_faces, vote_entropy

__all__ = [
    'CalibrationOptions', 'Interval', 'PredictionTable', 'RankCorrelation',
    'Reliability', 'Report', 'RiskCoverage', 'RoutingComparison',
    'RoutingRows', 'RoutingSets', 'ShiftDetection', 'Sweep', 'VoteCeiling',
    'action_report', 'ambiguous_faces', 'auroc', 'bonett_wright',
    'calibrate_router', 'calibration_report', 'compare_routers',
    'decomposition_report', 'disentanglement_report', 'from_frame',
    'has_parquet', 'ldl_report', 'per_class_report', 'percentile_interval',
    'read_table', 'reliability', 'reliability_diagrams', 'resample_counts',
    'risk_coverage', 'risk_coverage_curves', 'routing_report', 'routing_rows',
    'selective_report', 'shift_detection', 'spearman', 'to_frame',
    'uncertainty_scores', 'vote_ceiling', 'vote_entropy', 'write_table'
]
