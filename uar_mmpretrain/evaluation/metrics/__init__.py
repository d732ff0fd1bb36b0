"""Metrics for mmengine's evaluator: thin adapters over ``functional``."""

from .decomposition import DecompositionMetric
from .dump_predictions import DumpPredictions
from .member_scores import MemberScoresMetric
from .routing import RoutingMetric

__all__ = [
    'DecompositionMetric', 'DumpPredictions', 'MemberScoresMetric',
    'RoutingMetric'
]
