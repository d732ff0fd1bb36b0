"""Hooks."""

from .class_check import ClassCheckHook
from .epoch_seed import EpochSeedHook, epoch_worker_init_fn

__all__ = ['ClassCheckHook', 'EpochSeedHook', 'epoch_worker_init_fn']
