"""What the bytes of an image file are; imports nothing of OpenMMLab."""

from __future__ import annotations

import cv2
import numpy as np

from .image_size import check_pixels

IMAGE_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.tif', '.tiff', '.webp',
                  '.ppm', '.pgm')
_LFS_HEAD = b'version https://git-lfs'


def is_lfs_pointer(data: bytes) -> bool:
    """Whether Git LFS left its pointer instead of the file."""
    return data.startswith(_LFS_HEAD)


def decode_image(data: bytes) -> np.ndarray:
    """Decode an image file as mmcv's ``LoadImageFromFile`` does by default.

    Grayscale is repeated, 16 bits are reduced to 8, CMYK becomes BGR,
    transparency is dropped, and the EXIF orientation is applied.

    Args:
        data (bytes): Content of the file.

    Returns:
        np.ndarray: ``(H, W, 3)`` uint8 BGR.

    Raises:
        ValueError: If the bytes do not decode; says what they are instead.
            Or if they say they are more than ``MAX_PIXELS``.
    """
    image = None
    check_pixels(data)
    if data:
        try:
            image = cv2.imdecode(np.frombuffer(data, np.uint8),
                                 cv2.IMREAD_COLOR)
        except cv2.error as error:
            # Such as more than 2^30 pixels, or more than the memory holds.
            raise ValueError(
                f'OpenCV refuses to decode it ({error.err}). Make the '
                'picture smaller, or take it off the list.') from error
    if image is None:
        raise ValueError(describe_bytes(data))
    return image


def describe_bytes(data: bytes) -> str:
    """Say what a file is that does not decode as an image, and what to do."""
    size = f'{len(data):,} bytes'
    head = data[:512].lstrip().lower()
    if not data:
        return '0 bytes. The copy is incomplete: fetch this file again.'
    if is_lfs_pointer(data):
        return (f'{size}, a Git LFS pointer, not the image. Run "git lfs '
                'pull" in the clone it came from.')
    if head.startswith((b'<!doctype', b'<html')):
        return (f'{size}, an HTML page, not the image (a download that was '
                'refused?). Fetch this file again.')
    return (f'{size} that do not decode as an image. The file is damaged or '
            'no image: fetch it again, or take it off the list.')
