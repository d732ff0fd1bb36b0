"""Pixel-identical copies of pictures, found by hashing decoded images."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections import Counter
from collections.abc import Iterable

import numpy as np

from ..files.image_bytes import IMAGE_SUFFIXES, decode_image
from .image_files import list_names

__all__ = ['find_copies', 'pixel_digest']


def pixel_digest(data: bytes) -> bytes:
    """Hash the decoded pixels of an image, whatever its file format.

    Args:
        data (bytes): Content of the file.

    Raises:
        ValueError: If the bytes do not decode; says what they are instead.
    """
    image = decode_image(data)
    digest = hashlib.blake2b(str(image.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(image))
    return digest.digest()


def find_copies(root: str | os.PathLike, paths: Iterable[str],
                folder: str) -> np.ndarray:
    """Which images also stand in a folder, pixel for pixel.

    Decodes every image on both sides, once.

    Args:
        root: Folder everything is relative to.
        paths: N image paths.
        folder: Folder of the other images. An image that lies there itself
            needs a second one like it.

    Returns:
        (N,) bool.

    Raises:
        FileNotFoundError: If there is no image in the folder.
        ValueError: If a file does not decode; names it.
    """
    digests = {
        posixpath.join(folder, name):
        _digest_of(os.path.join(root, folder, name))
        for name in sorted(list_names(os.path.join(root, folder)))
        if name.lower().endswith(IMAGE_SUFFIXES) and name[0] != '.'
    }
    if not digests:
        raise FileNotFoundError(f'{os.path.join(root, folder)} holds no '
                                'image to compare with.')
    counts = Counter(digests.values())
    return np.array([
        counts[digests[path]] > 1 if path in digests else
        counts[_digest_of(os.path.join(root, path))] > 0 for path in paths
    ],
                    dtype=bool)


def _digest_of(path: str) -> bytes:
    with open(path, 'rb') as file:
        data = file.read()
    try:
        return pixel_digest(data)
    except ValueError as error:
        raise ValueError(f'{path}: {error}') from error
