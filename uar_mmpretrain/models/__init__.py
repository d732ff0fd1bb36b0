"""How member scores are made."""

from .backbones import DINOv2
from .classifiers import (
    ByMemberClassifier,
    EnsembleClassifier,
    MCClassifier,
    MemberScoreTTA,
)
from .dmue import BNNeckHead, DMUEClassifier
from .heads import (
    ClassDistributionHead,
    DirichletHead,
    EnsembleClsHead,
    EntropyHead,
    NeighbourHead,
)
from .losses import DirichletMultinomialLoss, SoftTargetLoss
from .poi import POIClassifier, PriorInferenceNetwork

__all__ = [
    'BNNeckHead', 'ByMemberClassifier',
    'ClassDistributionHead', 'DMUEClassifier', 'DINOv2', 'DirichletHead',
    'DirichletMultinomialLoss', 'EnsembleClassifier', 'EnsembleClsHead',
    'EntropyHead', 'MCClassifier', 'MemberScoreTTA', 'NeighbourHead',
    'POIClassifier', 'PriorInferenceNetwork', 'SoftTargetLoss'
]
