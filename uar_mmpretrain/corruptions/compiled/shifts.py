"""Sums and copies of displaced pixels."""

from __future__ import annotations

import numpy as np

from .decorators import fma, kernel


@kernel
def motion(padded: np.ndarray, taps: np.ndarray, left: int, top: int,
           channels: int, out: np.ndarray) -> None:
    """Sum displaced views of a picture.

    Args:
        padded (np.ndarray): float32 (H', W' C), the picture with its border.
        taps (np.ndarray): float64 (n, 3): columns right, rows down, weight.
        left (int): Width of the border at the left.
        top (int): Height of the border at the top.
        channels (int): C.
        out (np.ndarray): float32 (H, W C), overwritten.
    """
    height, length = out.shape
    # Four at a time; those added have no weight and change nothing.
    count = (len(taps) + 3) // 4 * 4
    rows = np.full(count, top, np.int64)
    columns = np.full(count, left * channels, np.int64)
    weights = np.zeros(count, np.float32)
    for tap in range(len(taps)):
        columns[tap] += int(taps[tap, 0]) * channels
        rows[tap] += int(taps[tap, 1])
        weights[tap] = taps[tap, 2]
    for y in range(height):
        total = out[y]
        total[:] = 0
        for tap in range(0, count, 4):
            a = padded[rows[tap] + y, columns[tap]:]
            b = padded[rows[tap + 1] + y, columns[tap + 1]:]
            c = padded[rows[tap + 2] + y, columns[tap + 2]:]
            d = padded[rows[tap + 3] + y, columns[tap + 3]:]
            wa, wb = weights[tap], weights[tap + 1]
            wc, wd = weights[tap + 2], weights[tap + 3]
            for k in range(length):
                level = fma(a[k], wa, total[k])
                level = fma(b[k], wb, level)
                level = fma(c[k], wc, level)
                total[k] = fma(d[k], wd, level)


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
