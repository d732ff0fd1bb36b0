"""Randomness that a resumed training repeats exactly."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from mmengine.dist import get_rank
from mmengine.hooks import Hook
from mmengine.registry import FUNCTIONS
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from ..preemption import outlive_sigterm


@HOOKS.register_module()
class EpochSeedHook(Hook):
    """Seed every generator from (seed, epoch, rank) before each epoch.

    mmengine seeds once, so a training resumed at epoch k draws other
    augmentations and dropout masks than one that was never stopped. With
    this hook and :func:`epoch_worker_init_fn` both end at the same weights,
    and, by :class:`SeededBatches`, at the same for any number of data
    workers. Workers must not be kept alive from epoch to epoch
    (``persistent_workers=False``): they would not see the new seed.
    """

    priority = 'VERY_HIGH'

    def before_train_epoch(self, runner: Runner) -> None:
        """Seed Python's, NumPy's and torch's global generators."""
        entropy = (runner.seed, runner.epoch, get_rank())
        _seed_all(np.random.SeedSequence(entropy))
        dataset = runner.train_dataloader.dataset
        dataset.__getitems__ = SeededBatches(dataset, entropy)


class SeededBatches:
    """Fetch the items of a batch with draws that follow from the batch.

    The global generators that transforms draw from are seeded from the epoch
    and the indices of the batch, so it does not matter which worker makes it
    and what that worker made before. Afterwards they are as they were: in the
    main process dropout draws from them, too.

    torch's data loader asks a data set for whole batches where it has
    ``__getitems__``.

    Args:
        dataset (Dataset): A data set with a length.
        entropy (Sequence[int]): What the draws follow from besides.
    """

    def __init__(self, dataset: Any, entropy: Sequence[int]) -> None:
        own = getattr(dataset, '__getitems__', None)
        if isinstance(own, SeededBatches):
            own = own.own
        self.own: Callable[[Sequence[int]], list] | None = own
        self.dataset = dataset
        self.entropy = tuple(entropy)

    def __call__(self, indices: Sequence[int]) -> list:
        """Return the items at the indices."""
        with _seeded((*self.entropy, *map(int, indices))):
            if self.own is not None:
                return self.own(indices)
            return [self.dataset[index] for index in indices]


@FUNCTIONS.register_module()
def epoch_worker_init_fn(worker_id: int, **kwargs: object) -> None:
    """Seed a data worker from torch's per-epoch base seed.

    And let it live until a training that is asked to stop is saved.

    mmengine's own function gives a worker the same seed in every epoch, so
    workers that are not kept alive repeat their augmentations. torch draws a
    new base seed from the main process (see :class:`EpochSeedHook`) for each
    epoch and adds the worker id.

    Args:
        worker_id (int): Number of the worker, from 0.
        **kwargs: What mmengine passes besides (world and seed), unused.
    """
    _seed_all(np.random.SeedSequence(torch.initial_seed()))
    if torch.utils.data.get_worker_info() is not None:
        outlive_sigterm()


def _seed_all(sequence: np.random.SeedSequence) -> None:
    python, numpy, torch_ = (int(s) for s in sequence.generate_state(3))
    random.seed(python)
    np.random.seed(numpy)
    torch.manual_seed(torch_)


@contextmanager
def _seeded(entropy: Sequence[int]) -> Iterator[None]:
    """Seed the global generators of the CPU for a while."""
    kept = random.getstate(), np.random.get_state(), torch.get_rng_state()
    seeds = np.random.SeedSequence(entropy).generate_state(3).tolist()
    try:
        random.seed(seeds[0])
        np.random.seed(seeds[1])
        # Not torch.manual_seed: a GPU's generator is none of the data's.
        torch.default_generator.manual_seed(seeds[2])
        yield
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])
        torch.set_rng_state(kept[2])
