"""Pixel-identical copies of pictures, found by hashing decoded images."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections import Counter
from collections.abc import Iterable

import cv2
import numpy as np

from .image_files import IMAGE_SUFFIXES, describe_bytes, list_names

__all__ = ['find_copies', 'pixel_digest']


def pixel_digest(path: str | os.PathLike) -> bytes:
    """Hash the decoded pixels of an image, whatever its file format.

    Raises:
        ValueError: If the file does not decode; says what it is instead.
    """
    with open(path, 'rb') as file:
        data = file.read()
    image = None
    if data:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f'{path}: {describe_bytes(data)}')
    digest = hashlib.blake2b(str(image.shape).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(image))
    return digest.digest()


def find_copies(root: str | os.PathLike, paths: Iterable[str],
                folder: str) -> np.ndarray:
    """Which images also stand in a folder, pixel for pixel.

    Decodes every image on both sides.

    Args:
        root: Folder everything is relative to.
        paths: N image paths.
        folder: Folder of the other images. An image that lies there itself
            needs a second one like it.

    Returns:
        (N,) bool.
    """
    others = Counter(
        pixel_digest(os.path.join(root, folder, name))
        for name in sorted(list_names(os.path.join(root, folder)))
        if name.lower().endswith(IMAGE_SUFFIXES) and name[0] != '.')
    return np.array([
        others[pixel_digest(os.path.join(root, path))] >
        (posixpath.dirname(path) == folder) for path in paths
    ],
                    dtype=bool)
