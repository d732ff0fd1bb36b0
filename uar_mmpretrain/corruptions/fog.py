"""Fog: a fractal cloud over the picture."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from .backend import kernels
from .filters import TIE_OFFSET, in_three_channels, truncate
from .registry import register
from .seeding import Key, random_uniform

# Amplitude of the first level. It enters squared, in the reference too.
_AMPLITUDE = 100.0


def draw_fog(key: Key, shape: tuple[int, int, int],
             params: tuple[float, float]) -> np.ndarray:
    """Draw the displacements of the fractal.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (tuple[float, float]): Not used.

    Returns:
        np.ndarray: float32 U(-1, 1), shape (n^2 - 1, ), with n the next
        power of two of the longer side.
    """
    side = plasma_side(shape)
    return random_uniform(key.word(), side * side - 1, -1, 1)


@register('fog', draw=draw_fog)
def fog(image: np.ndarray, params: tuple[float, float],
        draws: np.ndarray) -> np.ndarray:
    """Mix with a cloud: y = (u + c P) M / (M + c), truncated.

    P is the fractal on 0..1 and M the largest value of the picture. A black
    picture (M = 0, where the reference divides by zero) stays black, which
    is the limit of the formula.

    Args:
        image (np.ndarray): HWC uint8.
        params (tuple[float, float]): Amount c and decay of the fractal.
        draws (np.ndarray): See :func:`draw_fog`.

    Returns:
        np.ndarray: HWC uint8.
    """
    amount, decay = params
    peak = float(image.max()) / 255
    if not peak:
        return image.copy()
    height, width = image.shape[:2]
    cloud = plasma(draws, decay)
    low, high, _, _ = cv2.minMaxLoc(cloud)
    share = peak / (peak + amount)
    # The whole map is normalised, then cropped.
    scale = 255 * amount * share / (high - low)
    compiled = kernels()
    if compiled:
        return compiled.mix(image, np.float32(share), cloud,
                            np.float32(scale), np.float32(low * scale),
                            np.float32(TIE_OFFSET))
    cloud = cloud[:height, :width] * np.float32(scale)
    cloud -= np.float32(low * scale)
    foggy = image * np.float32(share)
    foggy += in_three_channels(cloud)
    return truncate(foggy)


def plasma(uniform: np.ndarray, decay: float) -> np.ndarray:
    """Make a diamond-square fractal on a torus.

    Level by level the grid is refined: centres of squares, then centres of
    edges, each the mean of four neighbours plus A U(-1, 1), with
    A = (100 / decay^level)^2.

    Args:
        uniform (np.ndarray): U(-1, 1), shape (n^2 - 1, ): per level the
            centres, the points on horizontal and those on vertical edges.
        decay (float): Fall of the amplitude's root per level.

    Returns:
        np.ndarray: float32 (n, n).
    """
    heights = amplitudes(round((len(uniform) + 1)**0.5), decay)
    compiled = kernels()
    if compiled:
        return compiled.plasma(uniform, heights)
    corners = np.zeros((1, 1), np.float32)
    start = 0
    for height in heights:
        n = len(corners)
        noise = uniform[start:start + 3 * n * n].reshape(3, n, n) * height
        start += 3 * n * n
        # One more row and column of the torus on each side of what is read.
        around = _wrap(corners, after=1)
        columns = around[:-1] + around[1:]
        centres = columns[:, :-1] + columns[:, 1:]
        centres *= np.float32(0.25)
        centres += noise[0]
        beside = _wrap(centres, before=1)
        horizontal = beside[:-1, 1:] + centres
        horizontal += around[:-1, :-1]
        horizontal += around[:-1, 1:]
        horizontal *= np.float32(0.25)
        horizontal += noise[1]
        vertical = beside[1:, :-1] + centres
        vertical += columns[:, :-1]
        vertical *= np.float32(0.25)
        vertical += noise[2]
        fine = np.empty((2 * n, 2 * n), np.float32)
        fine[0::2, 0::2] = corners
        fine[1::2, 1::2] = centres
        fine[0::2, 1::2] = horizontal
        fine[1::2, 0::2] = vertical
        corners = fine
    return corners


@lru_cache(maxsize=32)
def amplitudes(side: int, decay: float) -> np.ndarray:
    """Return the height A of every level, see :func:`plasma`.

    Args:
        side (int): Of the fractal, a power of two.
        decay (float): Fall of the amplitude's root per level.

    Returns:
        np.ndarray: float32, one per level.
    """
    levels = np.arange(side.bit_length() - 1)
    heights = (_AMPLITUDE / float(decay)**levels)**2
    return heights.astype(np.float32)


def _wrap(grid: np.ndarray, before: int = 0, after: int = 0) -> np.ndarray:
    return np.asarray(
        cv2.copyMakeBorder(grid, before, after, before, after,
                           cv2.BORDER_WRAP))


def plasma_side(shape: tuple[int, ...]) -> int:
    """Return the side of the fractal that covers an image.

    Args:
        shape (tuple[int, ...]): (H, W, ...) of the image.

    Returns:
        int: The next power of two of the longer side.
    """
    return 1 << (max(shape[:2]) - 1).bit_length()
