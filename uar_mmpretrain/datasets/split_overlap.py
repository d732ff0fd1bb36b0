"""Images that two splits have in common."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any


def list_images(dataset: Any) -> dict[str, str] | None:
    """Return the files of a data set's images by image id.

    Args:
        dataset (Dataset): A data set of mmpretrain, or wrappers around some
            (``CorruptionSuite``, ``ConcatDataset``, ``RepeatDataset``, ...).

    Returns:
        dict[str, str] | None: Absolute path by image id, the id itself where
        an image has no file; None if a data set does not name its images.
    """
    inner = [dataset.dataset] if hasattr(dataset, 'dataset') else getattr(
        dataset, 'datasets', None)
    if inner is not None:
        parts = [list_images(one) for one in inner]
        if any(part is None for part in parts):
            return None
        return {key: path for part in parts for key, path in part.items()}
    if not hasattr(dataset, 'get_data_info'):
        return None
    images = {}
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        path = info.get('img_path')
        key = info.get('image_id', path)
        if key is None:
            return None
        images[str(key)] = str(key) if path is None else os.path.abspath(path)
    return images


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
