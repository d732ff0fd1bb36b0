"""Single labels of a batch, and how far a method trusts them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmpretrain.structures import DataSample
from torch import Tensor

from ..datasets.hard_label import hard_label


def hard_labels(data_samples: Sequence[DataSample]) -> Tensor:
    """Return the class each image is said to show, int64 ``(N,)``.

    Args:
        data_samples (Sequence[DataSample]): N samples, see
            :func:`hard_label`.
    """
    return torch.stack([
        torch.as_tensor(hard_label(sample)).reshape(())
        for sample in data_samples
    ])


def mean_confidence(
        confidence: Tensor,
        data_samples: Sequence[DataSample]) -> dict[str, Tensor]:
    """Return what the log says of confidence in the labels of a batch.

    A confidence is worth something if it is lower where labels are wrong.
    That can be seen where they were made so, by ``NoisyLabels``.

    Args:
        confidence (Tensor): ``(N,)``.
        data_samples (Sequence[DataSample]): N samples, with
            ``label_is_wrong`` where that is known.

    Returns:
        dict[str, Tensor]: The mean, ``confidence``, and those of the images
        whose labels are known to be right and wrong, ``confidence_right``
        and ``confidence_wrong``; without the ones no image counts for.
    """
    confidence = confidence.detach()
    means = dict(confidence=confidence.mean())
    flags = [sample.get('label_is_wrong') for sample in data_samples]
    for name, flag in (('right', False), ('wrong', True)):
        rows = [row for row, found in enumerate(flags) if found == flag]
        if rows:
            means[f'confidence_{name}'] = confidence[rows].mean()
    return means
