"""Samplers."""

from .balanced_min_count import BalancedMinCountSampler

__all__ = ['BalancedMinCountSampler']
