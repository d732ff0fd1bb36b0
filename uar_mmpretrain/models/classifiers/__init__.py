"""Classifiers that give member scores."""

from .ensemble import EnsembleClassifier
from .tta import MemberScoreTTA

__all__ = ['EnsembleClassifier', 'MemberScoreTTA']
