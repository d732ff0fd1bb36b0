"""Randomness that a resumed training repeats exactly."""

from __future__ import annotations

import random

import numpy as np
import torch
from mmengine.dist import get_rank
from mmengine.hooks import Hook
from mmengine.registry import FUNCTIONS
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS


@HOOKS.register_module()
class EpochSeedHook(Hook):
    """Seed every generator from (seed, epoch, rank) before each epoch.

    mmengine seeds once, so a training resumed at epoch k draws other
    augmentations and dropout masks than one that was never stopped. With
    this hook and :func:`epoch_worker_init_fn` both end at the same weights.
    """

    priority = 'VERY_HIGH'

    def before_train_epoch(self, runner: Runner) -> None:
        """Seed Python's, NumPy's and torch's global generators."""
        entropy = (runner.seed, runner.epoch, get_rank())
        _seed_all(np.random.SeedSequence(entropy))


@FUNCTIONS.register_module()
def epoch_worker_init_fn(worker_id: int, **kwargs: object) -> None:
    """Seed a data worker from torch's per-epoch base seed.

    mmengine's own function gives a worker the same seed in every epoch, so
    workers that are not kept alive repeat their augmentations. torch draws a
    new base seed from the main process (see :class:`EpochSeedHook`) for each
    epoch and adds the worker id.

    Args:
        worker_id (int): Number of the worker, from 0.
        **kwargs: What mmengine passes besides (world and seed), unused.
    """
    _seed_all(np.random.SeedSequence(torch.initial_seed()))


def _seed_all(sequence: np.random.SeedSequence) -> None:
    python, numpy, torch_ = (int(s) for s in sequence.generate_state(3))
    random.seed(python)
    np.random.seed(numpy)
    torch.manual_seed(torch_)
