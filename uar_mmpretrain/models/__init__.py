"""How member scores are made."""

from .backbones import DINOv2
from .batch_augments import BatchRandomAffine
from .classifiers import EnsembleClassifier, MCClassifier, MemberScoreTTA
from .heads import (
    ClassDistributionHead,
    DirichletHead,
    EnsembleClsHead,
    EntropyHead,
    NeighbourHead,
)
from .losses import DirichletMultinomialLoss, SoftTargetLoss

__all__ = [
    'BatchRandomAffine', 'ClassDistributionHead', 'DINOv2', 'DirichletHead',
    'DirichletMultinomialLoss', 'EnsembleClassifier', 'EnsembleClsHead',
    'EntropyHead', 'MCClassifier', 'MemberScoreTTA', 'NeighbourHead',
    'SoftTargetLoss'
]
