"""Runners, hooks and wrappers around mmengine's own training loop.

Where to find what:

- ``runners``: :class:`EnsembleRunner`, and what it does step by step: configs
  and files of the members, the ensemble's file, members side by side, a
  training that can be stopped and resumed (``resumable``).
- ``checkpoints``: files of weights, written whole and read as data.
- ``hooks``: one file each.
- ``loops``, ``preemption``, ``processes``, ``optim_wrapper``: going on within
  an epoch, signals to stop, several processes, bfloat16.
- ``channel_fitting``, ``channel_files``, ``router_files``: what belongs to an
  ensemble besides its weights.
- ``comparison``, ``sweeps``: many trainings, of methods and of disturbed data.
"""

from .checkpoints import AtomicBackend
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
    HeldOutCheckHook,
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
    'EpochSeedHook', 'EpochTargetsHook', 'FuseConvBNHook',
    'HeldOutCheckHook', 'PreemptionHook', 'ResumableEpochLoop', 'ResultsHook'
]
