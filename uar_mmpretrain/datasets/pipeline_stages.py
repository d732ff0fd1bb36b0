"""What each step of a data set's own pipeline makes of an image."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import numpy as np
import torch

__all__ = ['pipeline_stages', 'to_picture']


def pipeline_stages(dataset: Any,
                    index: int) -> tuple[dict, list[tuple[str, np.ndarray]]]:
    """Run one item through the pipeline, step by step.

    Args:
        dataset (Dataset): A data set of mmpretrain, or wrappers around some
            (``CorruptionSuite``, ``ConcatDataset``, ``RepeatDataset``, ...).
        index (int): Index of the item.

    Returns:
        tuple[dict, list[tuple[str, np.ndarray]]]: The item's annotation, and
        the image after every step that leaves one: name of the transform and
        (H, W, 3) uint8 BGR. The last is what the data loader hands out.

    Raises:
        ValueError: If a step gives nothing, or no step gives an image.
    """
    info = dataset.get_data_info(index)
    results: Any = dict(info)
    stages = []
    for transform in _pipeline(dataset, index).transforms:
        name = type(transform).__name__
        results = transform(results)
        if results is None:
            raise ValueError(f'{name} gave None for item {index} '
                             f'({info.get("image_id", info.get("img_path"))}'
                             '). Let the transform raise, or take the image '
                             'off the list.')
        image = results.get('img', results.get('inputs'))
        if image is not None:
            stages.append((name, to_picture(image)))
    if not stages:
        raise ValueError(f'no step of the pipeline gives an image for item '
                         f'{index}; it needs one that loads or draws it.')
    return info, stages


def to_picture(image: Any) -> np.ndarray:
    """Make an image of a pipeline something to look at.

    Args:
        image (np.ndarray | torch.Tensor | PIL.Image): (H, W, 3) or (H, W)
            BGR, (3, H, W) tensor, or an RGB image of Pillow. What is not
            uint8 is stretched to the whole range.

    Returns:
        np.ndarray: (H, W, 3) uint8 BGR, a copy.
    """
    if isinstance(image, torch.Tensor):
        array = image.detach().cpu().movedim(0, -1).numpy()
    elif isinstance(image, np.ndarray):
        array = image
    else:
        array = np.asarray(image.convert('RGB'))[..., ::-1]
    if array.dtype != np.uint8:
        low, high = float(array.min()), float(array.max())
        array = (array - low) * (255 / max(high - low, 1e-12))
    if array.ndim == 2 or array.shape[-1] == 1:
        array = np.repeat(array.reshape(*array.shape[:2], 1), 3, axis=2)
    return array.astype(np.uint8, copy=True)


def _pipeline(dataset: Any, index: int) -> Any:
    """Find the pipeline that item goes through, inside all wrappers."""
    while not hasattr(dataset, 'pipeline'):
        if hasattr(dataset, 'datasets'):
            # Parts may differ; mmengine nests no wrapper in them.
            part = bisect_right(dataset.cumulative_sizes, index)
            dataset = dataset.datasets[part]
        else:
            dataset = dataset.dataset
    return dataset.pipeline
