"""Soft-label data sets and the corruption suite."""

from . import transforms
from .corruption_suite import CorruptionSuite
from .ferplus import FERPlus
from .soft_label import SoftLabelDataset
from .synthetic_faces import SyntheticFaces

__all__ = [
    'CorruptionSuite', 'FERPlus', 'SoftLabelDataset', 'SyntheticFaces',
    'transforms'
]
