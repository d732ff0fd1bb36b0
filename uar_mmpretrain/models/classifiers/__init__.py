"""Classifiers that give member scores."""

from .by_member import ByMemberClassifier
from .ensemble import EnsembleClassifier
from .mc_classifier import MCClassifier
from .tta import MemberScoreTTA

__all__ = [
    'ByMemberClassifier', 'EnsembleClassifier', 'MCClassifier',
    'MemberScoreTTA'
]
