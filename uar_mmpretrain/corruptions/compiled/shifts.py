"""Sums and copies of displaced pixels."""

from __future__ import annotations

import math

import numpy as np

from .decorators import fma, kernel


@kernel
def motion(image: np.ndarray, weights: np.ndarray, cosine: float,
           sine: float, channels: int) -> np.ndarray:
    """Blur along a line, see :func:`..filters.motion`.

    Args:
        image (np.ndarray): uint8 or float32 (H, W C), flat rows.
        weights (np.ndarray): float64 (n, ), along the line.
        cosine (float): Of the line's direction.
        sine (float): Of the line's direction.
        channels (int): C.

    Returns:
        np.ndarray: float32 (H, W C).
    """
    height, length = image.shape
    across, down, shares = _taps(weights, cosine, sine, height,
                                 length // channels)
    left, top = -across.min() * channels, -down.min()
    padded = _pad(image, channels, left, across.max() * channels, top,
                  down.max())
    out = np.zeros((height, length), np.float32)
    for y in range(height):
        total = out[y]
        for tap in range(0, len(across), 4):
            a = padded[top + down[tap] + y, left + across[tap] * channels:]
            b = padded[top + down[tap + 1] + y,
                       left + across[tap + 1] * channels:]
            c = padded[top + down[tap + 2] + y,
                       left + across[tap + 2] * channels:]
            d = padded[top + down[tap + 3] + y,
                       left + across[tap + 3] * channels:]
            wa, wb = shares[tap], shares[tap + 1]
            wc, wd = shares[tap + 2], shares[tap + 3]
            for k in range(length):
                level = fma(a[k], wa, total[k])
                level = fma(b[k], wb, level)
                level = fma(c[k], wc, level)
                total[k] = fma(d[k], wd, level)
    return out


@kernel
def _taps(weights: np.ndarray, cosine: float, sine: float, height: int,
          width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns right, rows down and float32 weights of the line's taps.

    A multiple of four; those added have no weight and change nothing.
    """
    count = (len(weights) + 3) // 4 * 4
    across = np.zeros(count, np.int64)
    down = np.zeros(count, np.int64)
    shares = np.zeros(count)
    last = -1
    for i in range(len(weights)):
        x = math.ceil(i * cosine - 0.5)
        y = math.ceil(i * sine - 0.5)
        if abs(x) >= width or abs(y) >= height:
            break
        # Equal places follow each other on a line.
        if last < 0 or x != across[last] or y != down[last]:
            last += 1
            across[last], down[last] = x, y
        shares[last] += weights[i]
    count = last // 4 * 4 + 4
    return across[:count], down[:count], shares[:count].astype(np.float32)


@kernel
def _pad(image: np.ndarray, channels: int, left: int, right: int, top: int,
         bottom: int) -> np.ndarray:
    """Repeat the border of (H, W C) in float32; left and right in values."""
    height, length = image.shape
    out = np.empty((top + height + bottom, left + length + right),
                   np.float32)
    for y in range(len(out)):
        source = image[min(max(y - top, 0), height - 1)]
        row = out[y]
        for k in range(left):
            row[k] = source[k % channels]
        for k in range(length):
            row[left + k] = source[k]
        for k in range(right):
            row[left + length + k] = source[length - channels
                                            + k % channels]
    return out


@kernel
def copy_neighbours(pixels: np.ndarray, offsets: np.ndarray,
                    reach: int) -> None:
    """Overwrite pixels with displaced ones, from the last to the first.

    Args:
        pixels (np.ndarray): (H, W) of any kind, changed in place.
        offsets (np.ndarray): int32 (n, 2), (dx, dy) in visiting order.
        reach (int): Width of the border, which is not visited.
    """
    height, width = pixels.shape
    visit = 0
    for y in range(height - reach, reach, -1):
        for x in range(width - reach, reach, -1):
            pixels[y, x] = pixels[y + offsets[visit, 1],
                                  x + offsets[visit, 0]]
            visit += 1
