"""Batches with images of every class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from mmengine.dataset import DefaultSampler
from mmpretrain.registry import DATA_SAMPLERS
from torch.utils.data import Sampler

from ..derived import single_label


@DATA_SAMPLERS.register_module()
class BalancedMinCountSampler(Sampler):
    """Batches in which classes are equally likely and none is missing.

    A batch has ``min_count`` images of every class; the class of each
    further image is drawn uniformly. Images of a class take turns in an order
    drawn anew each round, so small classes repeat. An epoch has as many
    images as the data set. Replaces the weights and the skipped batches of
    DMUE's official code (arXiv 2104.00232). ``batch_sampler`` of a
    dataloader; mmengine fills in the first two arguments::

        train_dataloader=dict(
            batch_size=64,
            sampler=dict(type='DefaultSampler', shuffle=True),
            batch_sampler=dict(type='BalancedMinCountSampler'),
            drop_last=False)

    Args:
        sampler (DefaultSampler): Tells data set, seed, epoch and rank. Each
            rank draws its own batches, the same in every repetition.
        batch_size (int): B, per rank.
        min_count (int): Images of every class in every batch.

    Raises:
        TypeError: If the sampler is another one.
        ValueError: If ``min_count`` is below 1, a class has no image, or the
            batches are too small.
    """

    def __init__(self,
                 sampler: DefaultSampler,
                 batch_size: int,
                 min_count: int = 2) -> None:
        if not isinstance(sampler, DefaultSampler):
            raise TypeError(f'BalancedMinCountSampler: sampler is a '
                            f'{type(sampler).__name__}; expected a '
                            'DefaultSampler.')
        if min_count < 1:
            raise ValueError(f'BalancedMinCountSampler: min_count='
                             f'{min_count}; expected at least 1.')
        self.sampler = sampler
        self.batch_size = batch_size
        self.min_count = min_count
        self._images = _images_by_class(sampler.dataset)
        needed = min_count * len(self._images)
        if batch_size < needed:
            raise ValueError(
                f'BalancedMinCountSampler: batch_size={batch_size}, but '
                f'{min_count} images of each of {len(self._images)} classes '
                f'are {needed}. Set train_dataloader.batch_size to at least '
                'that.')

    def __len__(self) -> int:
        """Batches per epoch and rank."""
        whole = self.batch_size * self.sampler.world_size
        return max(1, len(self.sampler.dataset) // whole)

    def __iter__(self) -> Iterator[list[int]]:
        """Give the batches of the sampler's epoch."""
        rng = np.random.default_rng(
            [self.sampler.seed, self.sampler.epoch, self.sampler.rank])
        every = np.repeat(np.arange(len(self._images)), self.min_count)
        further = rng.integers(
            len(self._images), size=(len(self), self.batch_size - len(every)))
        classes = np.concatenate(
            [np.tile(every, (len(self), 1)), further], axis=1)
        indices = np.empty_like(classes)
        for label, images in enumerate(self._images):
            wanted = classes == label
            indices[wanted] = _in_turn(images, int(wanted.sum()), rng)
        yield from indices.tolist()


def _images_by_class(dataset: Any) -> list[np.ndarray]:
    """Return the indices of each class's images."""
    labels = np.array([
        single_label(dataset.get_data_info(i), 'BalancedMinCountSampler')
        for i in range(len(dataset))
    ])
    names = dataset.metainfo.get('classes') or range(labels.max() + 1)
    images = [np.flatnonzero(labels == label) for label in range(len(names))]
    empty = [str(name) for name, found in zip(names, images) if not len(found)]
    if empty:
        raise ValueError(
            f'BalancedMinCountSampler: no image of {", ".join(empty)} in the '
            f'{len(labels):,} of the data set. Leave these classes out, or '
            'add images of them.')
    return images


def _in_turn(images: np.ndarray, count: int,
             rng: np.random.Generator) -> np.ndarray:
    """Give ``count`` images: whole rounds, each in an order of its own."""
    rounds = -(-count // len(images))
    return np.concatenate(
        [rng.permutation(images) for _ in range(rounds)])[:count]
