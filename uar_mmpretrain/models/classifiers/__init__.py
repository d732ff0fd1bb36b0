"""Classifiers that give member scores."""

from .ensemble import EnsembleClassifier
from .mc_classifier import MCClassifier
from .tta import MemberScoreTTA

__all__ = ['EnsembleClassifier', 'MCClassifier', 'MemberScoreTTA']
