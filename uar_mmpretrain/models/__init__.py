"""How member scores are made."""

from .backbones import DINOv2
from .batch_augments import BatchRandomAffine
from .classifiers import EnsembleClassifier, MemberScoreTTA
from .heads import EnsembleClsHead

__all__ = [
    'BatchRandomAffine', 'DINOv2', 'EnsembleClassifier', 'EnsembleClsHead',
    'MemberScoreTTA'
]
