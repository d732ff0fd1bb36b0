"""Targets of a batch from its data samples."""

from __future__ import annotations

import torch
from mmpretrain.structures import DataSample


def stack_targets(data_samples: list[DataSample], field: str, name: str,
                  num_classes: int, advice: str) -> torch.Tensor:
    """Return one field of every data sample as ``(N, C)``.

    Args:
        data_samples (list[DataSample]): N samples.
        field (str): ``gt_score``, ``gt_votes``, ...
        name (str): What it is called in messages, in the plural.
        num_classes (int): C, of the head.
        advice (str): What to do where there are none.

    Raises:
        ValueError: If a sample lacks the field, or it has another C.
    """
    missing = [sample for sample in data_samples if field not in sample]
    if missing:
        raise ValueError(
            f'{len(missing)} of {len(data_samples)} images in the batch have '
            f'no {name} (first: {missing[0].get("img_path")}). {advice}')
    target = torch.stack([sample.get(field) for sample in data_samples])
    if target.shape[1] != num_classes:
        raise ValueError(
            f'the head has {num_classes} classes, the {name} '
            f'{target.shape[1]} (image {data_samples[0].get("img_path")}). '
            'Set model.head.num_classes to the number of classes of the data '
            'set.')
    return target
