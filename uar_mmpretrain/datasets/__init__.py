"""Soft-label data sets and the corruption suite."""

from . import transforms
from .affectnet import AffectNet
from .categories import CANONICAL_CLASSES
from .corruption_suite import CorruptionSuite
from .ferplus import FERPlus
from .noisy_labels import NoisyLabels
from .rafdb import RAFDB
from .samplers import BalancedMinCountSampler
from .soft_label import SoftLabelDataset
from .stratified_subset import StratifiedSubset
from .synthetic_faces import SyntheticFaces

__all__ = [
    'AffectNet', 'BalancedMinCountSampler', 'CANONICAL_CLASSES',
    'CorruptionSuite', 'FERPlus', 'NoisyLabels', 'RAFDB', 'SoftLabelDataset',
    'StratifiedSubset', 'SyntheticFaces', 'transforms'
]
