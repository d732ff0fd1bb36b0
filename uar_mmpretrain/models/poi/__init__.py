"""POI-style training: what action units say about a face, as a teacher.

A reconstruction from the abstract of Liu et al., arXiv 2411.13024; see
docs/poi.md for what is theirs and what is our choice.
"""

from .au_prior import AUPrior
from .confidence import AnnotationConfidence, fused_target, rescale
from .mutual_kl_loss import MutualKLLoss
from .objective import aggregate
from .poi_classifier import POIClassifier
from .prior_network import PriorInferenceNetwork
from .rank_margin_loss import RankMarginLoss
from .regions import REGIONS, pool_regions, split_features
from .schedules import cosine_factor, ramp_factor, training_progress

__all__ = [
    'AUPrior', 'AnnotationConfidence', 'MutualKLLoss', 'POIClassifier',
    'PriorInferenceNetwork', 'REGIONS', 'RankMarginLoss', 'aggregate',
    'cosine_factor', 'fused_target', 'pool_regions', 'ramp_factor', 'rescale',
    'split_features', 'training_progress'
]
