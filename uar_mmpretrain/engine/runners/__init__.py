"""Runners."""

from .ensemble_runner import EnsembleRunner

__all__ = ['EnsembleRunner']
