"""Runners, hooks and wrappers around mmengine's own training loop."""

from .hooks import (
    ChannelsHook,
    ChannelsLastHook,
    ClassCheckHook,
    CorruptionOverlapHook,
    EpochSeedHook,
    EpochTargetsHook,
    FuseConvBNHook,
    ResultsHook,
)
from .optim_wrapper import AutocastOptimWrapper
from .runners import EnsembleRunner

__all__ = [
    'AutocastOptimWrapper', 'ChannelsHook', 'ChannelsLastHook',
    'ClassCheckHook', 'CorruptionOverlapHook', 'EnsembleRunner',
    'EpochSeedHook', 'EpochTargetsHook', 'FuseConvBNHook', 'ResultsHook'
]
