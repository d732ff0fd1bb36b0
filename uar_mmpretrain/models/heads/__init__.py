"""Heads that give member scores."""

from .ensemble_cls_head import EnsembleClsHead

__all__ = ['EnsembleClsHead']
