"""Heads that give member scores."""

from .class_distribution_head import ClassDistributionHead
from .dirichlet_head import DirichletHead
from .ensemble_cls_head import EnsembleClsHead
from .entropy_head import EntropyHead
from .neighbour_head import NeighbourHead

__all__ = [
    'ClassDistributionHead', 'DirichletHead', 'EnsembleClsHead', 'EntropyHead',
    'NeighbourHead'
]
