"""Weather corruptions."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from .registry import register


@register('brightness')
def brightness(image: np.ndarray, params: float, draws: None) -> np.ndarray:
    """Add a constant to the HSV value V, hue and saturation kept.

    Closed form: every channel times V' / V with V' = min(V + c, 1), black
    becomes the grey c; truncated. A channel then depends only on itself and
    on V, hence one table.

    Args:
        image (np.ndarray): HWC uint8.
        params (float): The constant c on the scale 0..1.
        draws (None): Not random.

    Returns:
        np.ndarray: HWC uint8.
    """
    first, second, third = cv2.split(image)
    value = cv2.max(cv2.max(first, second), third).astype(np.uint16)
    index = (value << 8)[..., None] | image
    # mode='clip' skips the bounds check; a uint16 cannot leave the table.
    return np.asarray(np.take(_brightness_table(params), index, mode='clip'))


@lru_cache(maxsize=32)
def _brightness_table(constant: float) -> np.ndarray:
    """New level of a channel, indexed by 256 V + channel.

    The float64 steps are those of the HSV round trip for the smallest
    channel (1 - S times V'), so that only the middle one can differ.
    """
    level = np.arange(256) / 255
    value = level[:, None]
    spread = np.maximum(value - level, 0)
    saturation = np.divide(
        spread, value, out=np.zeros_like(spread), where=value > 0)
    brighter = np.clip(value + constant, 0, 1) * (1 - saturation)
    return np.asarray(brighter * 255, np.uint8).ravel()
