"""The fractal of :mod:`..fog` and its mixing with the picture."""

from __future__ import annotations

import numpy as np

from .decorators import kernel

_QUARTER = np.float32(0.25)


@kernel
def plasma(uniform: np.ndarray, amplitudes: np.ndarray) -> np.ndarray:
    """Make the fractal, float32 (n, n), from n^2 - 1 uniforms."""
    corners = np.zeros((1, 1), np.float32)
    start = 0
    for amplitude in amplitudes:
        n = len(corners)
        size = n * n
        fine = np.empty((2 * n, 2 * n), np.float32)
        _refine(corners, uniform[start:start + 3 * size].reshape(3, n, n),
                amplitude, fine)
        corners = fine
        start += 3 * size
    return corners


@kernel
def _refine(corners: np.ndarray, uniform: np.ndarray, amplitude: np.float32,
            fine: np.ndarray) -> None:
    n = len(corners)
    # One more row and column of the torus after (corners) or before.
    here = np.empty(n + 1, np.float32)
    column = np.empty(n + 1, np.float32)
    above = np.empty(n + 1, np.float32)
    centre = np.empty(n + 1, np.float32)
    for i in range(-1, n):
        row, below = corners[i], corners[(i + 1) % n]
        for j in range(n):
            here[j] = row[j]
            column[j] = row[j] + below[j]
        here[n], column[n] = here[0], column[0]
        noise = uniform[0, i]
        for j in range(n):
            centre[j + 1] = ((column[j] + column[j + 1]) * _QUARTER
                             + noise[j] * amplitude)
        centre[0] = centre[n]
        if i >= 0:
            noise = uniform[1, i]
            for j in range(n):
                mean = ((above[j + 1] + centre[j + 1] + here[j]
                         + here[j + 1]) * _QUARTER)
                fine[2 * i, 2 * j] = here[j]
                fine[2 * i, 2 * j + 1] = mean + noise[j] * amplitude
            noise = uniform[2, i]
            for j in range(n):
                mean = (centre[j] + centre[j + 1] + column[j]) * _QUARTER
                fine[2 * i + 1, 2 * j] = mean + noise[j] * amplitude
                fine[2 * i + 1, 2 * j + 1] = centre[j + 1]
        above, centre = centre, above


@kernel
def mix(image: np.ndarray, share: np.float32, cloud: np.ndarray,
        scale: np.float32, offset: np.float32, tie: np.float32) -> np.ndarray:
    """Return trunc(share image + scale cloud - offset), HWC uint8."""
    height, width, channels = image.shape
    out = np.empty_like(image)
    for y in range(height):
        for x in range(width):
            level = cloud[y, x] * scale - offset
            for c in range(channels):
                out[y, x, c] = np.uint8(
                    np.float32(image[y, x, c]) * share + level + tie)
    return out
