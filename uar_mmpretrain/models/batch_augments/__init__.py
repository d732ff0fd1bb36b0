"""Augmentations of a whole batch at once."""

from .random_affine import BatchRandomAffine

__all__ = ['BatchRandomAffine']
