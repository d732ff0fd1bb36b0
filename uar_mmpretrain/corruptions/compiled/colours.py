"""Changes of the colour of single pixels."""

from __future__ import annotations

import numpy as np

from .decorators import kernel


@kernel
def brighten(image: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Look up each level of (N, 3) uint8 under its pixel's maximum."""
    out = np.empty_like(image)
    for i in range(len(image)):
        first, second, third = image[i]
        row = np.int32(max(first, second, third)) << 8
        out[i, 0] = table[row | first]
        out[i, 1] = table[row | second]
        out[i, 2] = table[row | third]
    return out


@kernel
def contrast(image: np.ndarray, mean: tuple[float, float, float],
             kept: float) -> np.ndarray:
    """Shrink the distances of (N, 3) uint8 to the channels' means."""
    table = np.empty((3, 256), np.uint8)
    for c in range(3):
        middle = mean[c] / 255
        for level in range(256):
            moved = (level / 255 - middle) * kept + middle
            table[c, level] = np.uint8(min(max(moved, 0.0), 1.0) * 255)
    out = np.empty_like(image)
    for i in range(len(image)):
        for c in range(3):
            out[i, c] = table[c, image[i, c]]
    return out


@kernel
def saturate(image: np.ndarray, ratios: np.ndarray, floors: np.ndarray,
             offset: np.float32, grey_is_red: bool) -> np.ndarray:
    """Move the channels of a picture away from their maximum.

    Args:
        image (np.ndarray): (N, 3) uint8 BGR.
        ratios (np.ndarray): float32 (65536, ), new by old distance, by 256
            maximum + minimum.
        floors (np.ndarray): uint8 (65536, ), new minimum.
        offset (np.float32): Added before rounding.
        grey_is_red (bool): Whether red keeps its level where all are equal.

    Returns:
        np.ndarray: (N, 3) uint8 BGR.
    """
    out = np.empty_like(image)
    for i in range(len(image)):
        first, second, third = image[i]
        value = max(first, second, third)
        least = min(first, second, third)
        index = (np.int32(value) << 8) | least
        lowered = np.float32(value) + offset
        for c in range(3):
            if image[i, c] == least:
                out[i, c] = floors[index]
            else:
                away = np.float32(value - image[i, c]) * ratios[index]
                level = np.rint(lowered - away)
                out[i, c] = np.uint8(
                    min(max(level, np.float32(0)), np.float32(255)))
        if grey_is_red and value == least:
            out[i, 2] = value
    return out


@kernel
def coat(image: np.ndarray, kept: np.ndarray, cover: np.ndarray,
         colour: np.ndarray, tie: np.float32) -> np.ndarray:
    """Return trunc(kept image + cover colour), at most 255.

    Args:
        image (np.ndarray): HWC uint8.
        kept (np.ndarray): float32 (H, W), share of the picture.
        cover (np.ndarray): float32 (H, W).
        colour (np.ndarray): float32 (C, ).
        tie (np.float32): Added before truncation.

    Returns:
        np.ndarray: HWC uint8.
    """
    height, width, channels = image.shape
    out = np.empty_like(image)
    for y in range(height):
        for x in range(width):
            for c in range(channels):
                level = (np.float32(image[y, x, c]) * kept[y, x]
                         + cover[y, x] * colour[c])
                out[y, x, c] = np.uint8(min(level, np.float32(255)) + tie)
    return out
