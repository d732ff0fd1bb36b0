"""The last step of :func:`..weather.snow`."""

from __future__ import annotations

import numpy as np

from .decorators import fma, kernel

# OpenCV's weights of blue, green and red.
_BLUE, _GREEN, _RED = (np.float32(w) for w in (0.114, 0.587, 0.299))
_FULL = np.float32(255)


@kernel
def whiten(image: np.ndarray, layer: np.ndarray, kept: np.float32,
           changed: np.float32, tie: np.float32) -> np.ndarray:
    """Whiten a picture (HWC uint8 BGR) and add its flakes twice.

    Args:
        image (np.ndarray): HWC uint8 BGR.
        layer (np.ndarray): float32 flakes on 0..1, at least (H, W).
        kept (np.float32): Share of the picture.
        changed (np.float32): Share of the whitened picture.
        tie (np.float32): Added before truncation.

    Returns:
        np.ndarray: HWC uint8 BGR.
    """
    height, width, _ = image.shape
    out = np.empty_like(image)
    for y in range(height):
        for x in range(width):
            flakes = (np.rint(layer[y, x] * _FULL)
                      + np.rint(layer[height - 1 - y, width - 1 - x] * _FULL))
            blue = np.float32(image[y, x, 0])
            green = np.float32(image[y, x, 1])
            red = np.float32(image[y, x, 2])
            luminance = fma(red, _RED, fma(blue, _BLUE, green * _GREEN))
            white = np.float32(1.5) * luminance + np.float32(127.5)
            for c in range(3):
                level = np.float32(image[y, x, c])
                level = fma(level, kept, max(level, white) * changed)
                out[y, x, c] = np.uint8(min(level + flakes, _FULL) + tie)
    return out
