"""How member scores are made."""

from .backbones import DINOv2
from .classifiers import EnsembleClassifier, MemberScoreTTA
from .heads import EnsembleClsHead

__all__ = ['DINOv2', 'EnsembleClassifier', 'EnsembleClsHead',
           'MemberScoreTTA']
