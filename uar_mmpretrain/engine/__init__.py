"""Runners, hooks and wrappers around mmengine's own training loop."""

from .atomic_backend import AtomicBackend
from .hooks import (
    ChannelsHook,
    ChannelsLastHook,
    CheckFiniteHook,
    ClassCheckHook,
    ConfigChangesHook,
    CorruptionOverlapHook,
    EpochSeedHook,
    EpochTargetsHook,
    FuseConvBNHook,
    PreemptionHook,
    ResultsHook,
)
from .loops import ResumableEpochLoop
from .optim_wrapper import AutocastOptimWrapper
from .runners import EnsembleRunner

__all__ = [
    'AtomicBackend', 'AutocastOptimWrapper', 'ChannelsHook',
    'ChannelsLastHook', 'CheckFiniteHook', 'ClassCheckHook',
    'ConfigChangesHook', 'CorruptionOverlapHook', 'EnsembleRunner',
    'EpochSeedHook', 'EpochTargetsHook', 'FuseConvBNHook', 'PreemptionHook',
    'ResumableEpochLoop', 'ResultsHook'
]
