"""Runners, hooks and wrappers around mmengine's own training loop."""

from .hooks import ClassCheckHook, EpochSeedHook, ResultsHook
from .optim_wrapper import AutocastOptimWrapper
from .runners import EnsembleRunner

__all__ = [
    'AutocastOptimWrapper', 'ClassCheckHook', 'EnsembleRunner',
    'EpochSeedHook', 'ResultsHook'
]
