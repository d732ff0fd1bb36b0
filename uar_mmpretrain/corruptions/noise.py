"""Noise corruptions.

All four draw 16 random bits per value and turn them into noise with a table;
no distribution code of a library is involved, so the numbers outlive its
versions and are the same in NumPy and torch.
"""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
from scipy import stats

from .backend import kernels
from .registry import register
from .seeding import Key, normal_quantiles, random_entries, random_uint16

Shape = tuple[int, int, int]

# 12 of the 16 bits: 256 rows of 4096 entries stay in the L2 cache. Outcomes
# rarer than 1 in 8192 are lost.
SHOT_BITS = 12


def _draw(key: Key, shape: Shape, table: np.ndarray) -> np.ndarray:
    return random_entries(key.word(), table, math.prod(shape)).reshape(shape)


def _add(image: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Add grey levels, saturating at 0 and 255."""
    return np.asarray(cv2.add(image, levels, dtype=cv2.CV_8U))


def draw_gaussian_noise(key: Key, shape: Shape, params: float) -> np.ndarray:
    """Draw the noise in grey levels, independent per pixel and channel.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (float): Standard deviation on the scale 0..1.

    Returns:
        np.ndarray: int16 floor(255 N(0, params)), of ``shape``.
    """
    return _draw(key, shape, gaussian_table(params))


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
    return _add(image, draws)


@lru_cache(maxsize=32)
def gaussian_table(std: float) -> np.ndarray:
    """Return the noise of every 16-bit number, int16 grey levels.

    Args:
        std (float): Standard deviation on the scale 0..1.

    Returns:
        np.ndarray: int16, shape (65536, ).
    """
    return np.floor(255 * std * normal_quantiles()).astype(np.int16)


def draw_impulse_noise(key: Key, shape: Shape, params: float) -> np.ndarray:
    """Draw which values turn black or white.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (float): Share of the values that turn, half of them black.

    Returns:
        np.ndarray: int16 of ``shape``: -255 (black), 0 (kept), 255 (white).
    """
    return _draw(key, shape, impulse_table(params))


@register('impulse_noise', draw=draw_impulse_noise)
def impulse_noise(image: np.ndarray, params: float,
                  draws: np.ndarray) -> np.ndarray:
    """Turn a share of the values black or white (salt and pepper).

    Args:
        image (np.ndarray): HWC uint8.
        params (float): The share (already in ``draws``).
        draws (np.ndarray): int16 -255, 0 or 255 of the image's shape.

    Returns:
        np.ndarray: HWC uint8.
    """
    return _add(image, draws)


@lru_cache(maxsize=32)
def impulse_table(share: float) -> np.ndarray:
    """Return what every 16-bit number adds, int16 grey levels.

    Args:
        share (float): Share of the values that turn black or white.

    Returns:
        np.ndarray: int16, shape (65536, ): -255, 0 or 255.
    """
    table = np.zeros(65536, np.int16)
    half = round(share / 2 * 65536)
    table[:half] = -255
    table[-half:] = 255
    return table


def draw_speckle_noise(key: Key, shape: Shape, params: float) -> np.ndarray:
    """Draw the factor of every value.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (float): Standard deviation of the factor.

    Returns:
        np.ndarray: float32 1 + N(0, params), of ``shape``.
    """
    return _draw(key, shape, speckle_table(params))


@register('speckle_noise', draw=draw_speckle_noise)
def speckle_noise(image: np.ndarray, params: float,
                  draws: np.ndarray) -> np.ndarray:
    """Multiply with noise: trunc(255 clip(u + u N(0, c), 0, 1)).

    Args:
        image (np.ndarray): HWC uint8.
        params (float): Standard deviation c (already in ``draws``).
        draws (np.ndarray): float factors of the image's shape.

    Returns:
        np.ndarray: HWC uint8.
    """
    compiled = kernels()
    if compiled:
        out = np.empty_like(image)
        compiled.multiply(image.reshape(-1), draws.reshape(-1),
                          out.reshape(-1))
        return out
    noisy = np.multiply(image, draws)
    np.clip(noisy, 0, 255, out=noisy)
    return noisy.astype(np.uint8)


@lru_cache(maxsize=32)
def speckle_table(std: float) -> np.ndarray:
    """Return the factor of every 16-bit number.

    Args:
        std (float): Standard deviation of the factor.

    Returns:
        np.ndarray: float32, shape (65536, ).
    """
    return (1 + std * normal_quantiles()).astype(np.float32)


def draw_shot_noise(key: Key, shape: Shape, params: float) -> np.ndarray:
    """Draw the quantile of every value.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (float): Expected photons at full brightness.

    Returns:
        np.ndarray: uint16 of ``shape``: quantile times 65536.
    """
    return random_uint16(key.word(), math.prod(shape)).reshape(shape)


@register('shot_noise', draw=draw_shot_noise)
def shot_noise(image: np.ndarray, params: float,
               draws: np.ndarray) -> np.ndarray:
    """Count photons: trunc(255 min(Poisson(c u) / c, 1)).

    Args:
        image (np.ndarray): HWC uint8.
        params (float): Photons c at full brightness.
        draws (np.ndarray): uint16 quantiles of the image's shape.

    Returns:
        np.ndarray: HWC uint8.
    """
    table = shot_table(params)
    compiled = kernels()
    if compiled:
        out = np.empty_like(image)
        compiled.count_photons(image.reshape(-1), draws.reshape(-1), table,
                               SHOT_BITS, out.reshape(-1))
        return out
    index = image.astype(np.int32)
    index <<= SHOT_BITS
    index |= draws >> np.uint16(16 - SHOT_BITS)
    # mode='clip' skips the bounds check; no index can leave the table.
    return np.asarray(np.take(table, index, mode='clip'))


@lru_cache(maxsize=32)
def shot_table(photons: float) -> np.ndarray:
    """Invert the Poisson distribution.

    Args:
        photons (float): Expected at full brightness.

    Returns:
        np.ndarray: uint8 level, indexed by old level times 2^SHOT_BITS plus
        quantile.
    """
    size = 1 << SHOT_BITS
    quantiles = (np.arange(size) + 0.5) / size
    expected = photons * np.arange(256)[:, None] / 255
    # More than 1.25 c + 30 photons are rarer than half a quantile, and any
    # count above c is white.
    cumulative = stats.poisson.cdf(np.arange(1.25 * photons + 30), expected)
    counts = np.stack([np.searchsorted(row, quantiles) for row in cumulative])
    values = np.minimum(counts / photons, 1)
    return np.asarray(values * 255, np.uint8).ravel()
