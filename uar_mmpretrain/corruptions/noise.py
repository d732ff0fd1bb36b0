"""Noise corruptions."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from .registry import register
from .seeding import Key, normal_quantiles, random_uint16


def draw_gaussian_noise(key: Key, shape: tuple[int, int, int],
                        params: float) -> np.ndarray:
    """Draw the noise in grey levels, independent per pixel and channel.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (float): Standard deviation on the scale 0..1.

    Returns:
        np.ndarray: int16 floor(255 N(0, params)), of ``shape``.
    """
    bits = random_uint16(key.word(), int(np.prod(shape)))
    # mode='clip' skips the bounds check; a uint16 cannot leave the table.
    return np.take(_gaussian_table(params), bits, mode='clip').reshape(shape)


@register('gaussian_noise', draw=draw_gaussian_noise)
def gaussian_noise(image: np.ndarray, params: float,
                   draws: np.ndarray) -> np.ndarray:
    """Add Gaussian noise: trunc(255 clip(x / 255 + N(0, c), 0, 1)).

    The pixel x is an integer, so this equals the saturating sum of x and
    floor(255 N(0, c)) exactly.

    Args:
        image (np.ndarray): HWC uint8.
        params (float): Standard deviation c (already in ``draws``).
        draws (np.ndarray): int16 grey levels of the image's shape.

    Returns:
        np.ndarray: HWC uint8.
    """
    return cv2.add(image, draws, dtype=cv2.CV_8U)


@lru_cache(maxsize=32)
def _gaussian_table(std: float) -> np.ndarray:
    return np.floor(255 * std * normal_quantiles()).astype(np.int16)
