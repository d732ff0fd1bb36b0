"""Runners, hooks and wrappers around mmengine's own training loop."""

from .hooks import (
    ChannelsLastHook,
    ClassCheckHook,
    CorruptionOverlapHook,
    EpochSeedHook,
    FuseConvBNHook,
    ResultsHook,
)
from .optim_wrapper import AutocastOptimWrapper
from .runners import EnsembleRunner

__all__ = [
    'AutocastOptimWrapper', 'ChannelsLastHook', 'ClassCheckHook',
    'CorruptionOverlapHook', 'EnsembleRunner', 'EpochSeedHook',
    'FuseConvBNHook', 'ResultsHook'
]
