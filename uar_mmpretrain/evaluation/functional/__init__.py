"""Evaluation as pure functions: arrays and tables in, floats out."""

from .action_report import action_report
from .correlation import RankCorrelation, bonett_wright, spearman
from .decomposition_report import decomposition_report
from .detection import auroc
from .noise_ceiling import VoteCeiling, vote_ceiling
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
from .routing_comparison import RoutingComparison, compare_routers
from .routing_report import routing_report
from .routing_sets import RoutingRows, RoutingSets, routing_rows
from .scores import uncertainty_scores
from .shift_detection import ShiftDetection, shift_detection
from .votes import ambiguous_faces, vote_entropy

__all__ = [
    'Interval', 'PredictionTable', 'RankCorrelation', 'Report',
    'RoutingComparison', 'RoutingRows', 'RoutingSets', 'ShiftDetection',
    'VoteCeiling', 'action_report', 'ambiguous_faces', 'auroc',
    'bonett_wright', 'compare_routers', 'decomposition_report', 'from_frame',
    'has_parquet', 'percentile_interval', 'read_table', 'resample_counts',
    'routing_report', 'routing_rows', 'shift_detection', 'spearman',
    'to_frame', 'uncertainty_scores', 'vote_ceiling', 'vote_entropy',
    'write_table'
]
