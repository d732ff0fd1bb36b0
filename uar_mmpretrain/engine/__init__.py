"""Runners, hooks and wrappers around mmengine's own training loop."""

from . import hooks
from .optim_wrapper import AutocastOptimWrapper
from .runners import EnsembleRunner

__all__ = ['AutocastOptimWrapper', 'EnsembleRunner', 'hooks']
