"""Images that two splits have in common."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .checks.splits import read_items


def list_images(dataset: Any) -> dict[str, str] | None:
    """Return the files of a data set's images by image id.

    Args:
        dataset (Dataset): A data set of mmpretrain, or wrappers around some
            (``CorruptionSuite``, ``ConcatDataset``, ``RepeatDataset``, ...).

    Returns:
        dict[str, str] | None: Absolute path by image id, the id itself where
        an image has no file; None if a data set does not name its images.
    """
    try:
        items = read_items(dataset)
    except (KeyError, TypeError):
        return None
    return {key: os.path.abspath(item['img_path']) if 'img_path' in item
            else key for key, item in items.items()}


def common_images(images: Mapping[str, str],
                  others: Mapping[str, str]) -> list[str]:
    """Return the ids that name the same image in both.

    Folders with a ``data_root`` each may use the same ids for different
    files; those are different images.

    Args:
        images (Mapping[str, str]): From :func:`list_images`.
        others (Mapping[str, str]): Of another split.

    Returns:
        list[str]: Ids, sorted.
    """
    return sorted(key for key, path in images.items()
                  if others.get(key) == path)


def check_held_out(images: Mapping[str, str], others: Mapping[str, str],
                   split: str) -> None:
    """Refuse calibration images that another split holds, too.

    Args:
        images (Mapping[str, str]): From :func:`list_images`, of the split
            the router is calibrated on.
        others (Mapping[str, str]): Of the other split.
        split (str): Name of the other split.

    Raises:
        ValueError: If an image is in both.
    """
    shared = common_images(images, others)
    if shared:
        raise ValueError(
            f'{len(shared):,} of {len(images):,} images of val_dataloader '
            f'are also in the {split} split (first: {shared[0]}). The router '
            'is calibrated on them, so they must be neither trained nor '
            'tested on: take them out of one of the two, or change '
            'val_dataloader.dataset.')
