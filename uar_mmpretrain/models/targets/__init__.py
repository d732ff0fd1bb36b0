"""Label distributions for images with one label each."""

from .class_distributions import ClassDistributions, class_table
from .epoch_targets import EpochTargets
from .neighbour_targets import NeighbourTargets, mix_with_neighbours

__all__ = [
    'ClassDistributions', 'EpochTargets', 'NeighbourTargets', 'class_table',
    'mix_with_neighbours'
]
