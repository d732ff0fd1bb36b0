"""Batches that DMUE can learn from."""

from __future__ import annotations

import torch
from torch import Tensor

# Batch norm over the images of one class needs two of them.
MIN_COUNT = 2


def check_batch(labels: Tensor, num_classes: int) -> None:
    """Refuse a batch without two images of every class.

    The official code passes over such batches in silence.

    Args:
        labels (Tensor): ``(N, )`` classes.
        num_classes (int): C.

    Raises:
        ValueError: If a class has fewer.
    """
    counts = torch.bincount(labels, minlength=num_classes)
    if len(counts) > num_classes or int(counts.min()) < MIN_COUNT:
        raise ValueError(
            f'images per class in the batch: {counts.tolist()}; expected '
            f'{num_classes} classes and at least {MIN_COUNT} images of each. '
            'Set train_dataloader.batch_sampler to '
            "dict(type='BalancedMinCountSampler'), drop_last to False, and "
            "num_classes to the data set's.")
