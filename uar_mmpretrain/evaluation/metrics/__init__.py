"""Metrics for mmengine's evaluator: thin adapters over ``functional``."""

from .calibrate_router import CalibrateRouter
from .decomposition import DecompositionMetric
from .dump_predictions import DumpPredictions
from .member_scores import MemberScoresMetric
from .routing import RoutingMetric

__all__ = [
    'CalibrateRouter', 'DecompositionMetric', 'DumpPredictions',
    'MemberScoresMetric', 'RoutingMetric'
]
