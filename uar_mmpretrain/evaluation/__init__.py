"""Evaluation: pure functions, and the metrics that call them."""

from . import functional, metrics

__all__ = ['functional', 'metrics']
