"""DMUE: latent distribution mining, pairwise uncertainty estimation."""

from .auxiliary_loss import auxiliary_loss, relabel
from .bn_neck_head import BNNeckHead
from .classifier import DMUEClassifier
from .confidence import (
    PairwiseConfidence,
    class_similarities,
    confident_loss,
)
from .export import export_classifier
from .latent_targets import latent_loss, latent_targets
from .ramps import ramps
from .similarity_loss import similarity_loss

__all__ = [
    'BNNeckHead', 'DMUEClassifier', 'PairwiseConfidence', 'auxiliary_loss',
    'class_similarities', 'confident_loss', 'export_classifier',
    'latent_loss', 'latent_targets', 'ramps', 'relabel', 'similarity_loss'
]
