"""Metrics for mmengine's evaluator: thin adapters over ``functional``."""

from .calibrate_router import CalibrateRouter
from .calibration import CalibrationMetric
from .decomposition import DecompositionMetric
from .dump_predictions import DumpPredictions
from .ldl import LDLMetric
from .member_scores import MemberScoresMetric
from .routing import RoutingMetric
from .selective import SelectiveMetric

__all__ = [
    'CalibrateRouter', 'CalibrationMetric', 'DecompositionMetric',
    'DumpPredictions', 'LDLMetric', 'MemberScoresMetric', 'RoutingMetric',
    'SelectiveMetric'
]
