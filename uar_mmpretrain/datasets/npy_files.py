"""Reading an ``npy`` file as data."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .image_files import raise_if_lfs_pointer

__all__ = ['load_array']


def load_array(path: Path) -> np.ndarray:
    """Read one array; nothing pickled is read.

    Raises:
        ValueError: If it is a Git LFS pointer, damaged, pickled, or several
            arrays (``npz``).
    """
    try:
        array = np.load(path, allow_pickle=False)
    # The header is read as a Python literal: damaged, it may raise anything,
    # and MemoryError for a size that is not there.
    except Exception as error:
        raise_if_lfs_pointer(path)
        raise ValueError(f'{path.name} is no plain npy array: {error}'
                         ) from error
    if not isinstance(array, np.ndarray):
        array.close()
        raise ValueError(f'{path.name} holds several arrays (npz); expected '
                         'one plain npy array.')
    return array
