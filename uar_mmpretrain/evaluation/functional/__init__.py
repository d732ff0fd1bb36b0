"""Evaluation as pure functions: arrays and tables in, floats out."""

from .calibration.calibration_error import (
    Reliability,
    bin_index,
    equal_width_edges,
    reliability,
)
from .calibration.calibration_measures import hard_measures, soft_measures
from .calibration.calibration_report import (
    calibration_report,
    reliability_diagrams,
)
from .calibration.ldl_report import ldl_report
from .decomposition.decomposition_report import decomposition_report
from .decomposition.dirichlet_multinomial import (
    DirichletCeiling,
    dirichlet_ceiling,
)
from .decomposition.noise_ceiling import VoteCeiling, vote_ceiling
from .decomposition.rank_correlations import RankCorrelations
from .decomposition.shift_detection import ShiftDetection, shift_detection
from .decomposition.truth_report import truth_report
from .decomposition.within_class import WithinClass, within_class_spearman
from .disentanglement import Sweep, disentanglement_report
from .merge_tables import merge_tables
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
from .routing.action_report import action_report
from .routing.router_calibration import CalibrationOptions, calibrate_router
from .routing.routing_comparison import RoutingComparison, compare_routers
from .routing.routing_report import routing_report
from .routing.routing_sets import RoutingRows, RoutingSets, routing_rows
from .scores import NO_EPISTEMIC, uncertainty_scores
from .selective.risk_coverage import (
    RiskCoverage,
    aurc_replicates,
    risk_coverage,
)
from .selective.selective_report import risk_coverage_curves, selective_report
from .statistics.correlation import (
    RankCorrelation,
    bonett_wright,
    pearson,
    spearman,
)
from .statistics.detection import auroc
from .statistics.estimate import Estimate
from .statistics.mean_bootstrap import mean_replicates, reflected_interval
from .statistics.resampling import (
    Interval,
    percentile_interval,
    resample_counts,
)
from .votes import ambiguous_faces, vote_entropy

__all__ = [
    'CalibrationOptions', 'DirichletCeiling', 'Estimate', 'Interval',
    'NO_EPISTEMIC', 'PredictionTable', 'RankCorrelation', 'RankCorrelations',
    'Reliability', 'Report', 'RiskCoverage', 'RoutingComparison',
    'RoutingRows', 'RoutingSets', 'ShiftDetection', 'Sweep', 'VoteCeiling',
    'WithinClass', 'action_report', 'ambiguous_faces', 'aurc_replicates',
    'auroc', 'bin_index', 'bonett_wright', 'calibrate_router',
    'calibration_report', 'compare_routers', 'decomposition_report',
    'dirichlet_ceiling', 'disentanglement_report', 'equal_width_edges',
    'from_frame', 'hard_measures', 'has_parquet', 'ldl_report',
    'mean_replicates', 'merge_tables', 'pearson', 'per_class_report',
    'percentile_interval',
    'read_table', 'reflected_interval', 'reliability', 'reliability_diagrams',
    'resample_counts', 'risk_coverage', 'risk_coverage_curves',
    'routing_report', 'routing_rows', 'selective_report', 'shift_detection',
    'soft_measures', 'spearman', 'to_frame', 'truth_report',
    'uncertainty_scores', 'vote_ceiling', 'vote_entropy',
    'within_class_spearman', 'write_table'
]
