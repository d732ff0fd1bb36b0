"""Hooks."""

from .channels_last import ChannelsLastHook
from .class_check import ClassCheckHook
from .epoch_seed import EpochSeedHook, epoch_worker_init_fn
from .results_hook import ResultsHook

__all__ = [
    'ChannelsLastHook', 'ClassCheckHook', 'EpochSeedHook', 'ResultsHook',
    'epoch_worker_init_fn'
]
