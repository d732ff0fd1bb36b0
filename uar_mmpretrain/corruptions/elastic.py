"""Elastic transform: a smooth random displacement of the pixels."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

from .filters import gaussian_kernel, truncate
from .registry import register
from .seeding import Key, random_uniform

Params = tuple[float, tuple[float, float], float]
Draws = tuple[np.ndarray, np.ndarray, np.ndarray]

# Where the smoothing kernel ends, in standard deviations.
_CUT = 3.0
# Cosines damped below this share are left out: at most one level, on less
# than 1 % of the values.
_DAMPED = 1e-4


def draw_elastic_transform(key: Key, shape: tuple[int, int, int],
                           params: Params) -> Draws:
    """Draw the affine map's corners and the displacement before smoothing.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (tuple): Not used.

    Returns:
        tuple[np.ndarray, np.ndarray, np.ndarray]: U(-1, 1), float32: (3, 2)
        corners as (x, y), (H, W) along x, (H, W) along y.
    """
    height, width = shape[:2]
    corners, along_x, along_y = (
        random_uniform(key.word(stream), count, -1, 1)
        for stream, count in enumerate((6, height * width, height * width)))
    return (corners.reshape(3, 2), along_x.reshape(height, width),
            along_y.reshape(height, width))


@register('elastic_transform', draw=draw_elastic_transform)
def elastic_transform(image: np.ndarray, params: Params,
                      draws: Draws) -> np.ndarray:
    """Map the picture affinely, then move every pixel a little, truncated.

    Args:
        image (np.ndarray): HWC uint8.
        params (tuple): Strength in pixels, sigma of the smoothing along
            (rows, columns) in pixels, largest displacement of the affine
            map's three points in pixels.
        draws (tuple): See :func:`draw_elastic_transform`.

    Returns:
        np.ndarray: HWC uint8.
    """
    strength, sigmas, reach = params
    corners, *fields = draws
    source = image.astype(np.float32)
    height, width = image.shape[:2]
    if reach:
        moves = corners * np.float32(reach)
        source = np.asarray(
            cv2.warpAffine(
                source,
                affine_map(moves, height, width), (width, height),
                flags=cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REFLECT_101), np.float32)
    if strength:
        along_x, along_y = (smooth(f, sigmas) for f in fields)
        along_x *= np.float32(strength)
        along_x += np.arange(width, dtype=np.float32)
        along_y *= np.float32(strength)
        along_y += np.arange(height, dtype=np.float32)[:, None]
        # BORDER_REFLECT repeats the border's own pixel first (half-sample).
        source = np.asarray(
            cv2.remap(
                source,
                along_x,
                along_y,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REFLECT), np.float32)
    return truncate(source)


def smooth(field: np.ndarray, sigmas: tuple[float, float]) -> np.ndarray:
    """Smooth with a Gaussian cut at 3 sigma, half-sample mirrored.

    Args:
        field (np.ndarray): (H, W) float32.
        sigmas (tuple[float, float]): Along the rows' and the columns' axis,
            in pixels.

    Returns:
        np.ndarray: (H, W) float32.
    """
    if max(sigmas) < 10:
        across = gaussian_kernel(sigmas[1], _CUT)
        down = gaussian_kernel(sigmas[0], _CUT)
        return np.asarray(
            cv2.sepFilter2D(
                field,
                cv2.CV_32F,
                across,
                down,
                borderType=cv2.BORDER_REFLECT))
    # A mirrored convolution scales the cosines of the DCT-II, and a wide
    # kernel leaves few of them.
    down, damping_down = kept_cosines(field.shape[0], sigmas[0])
    across, damping_across = kept_cosines(field.shape[1], sigmas[1])
    spectrum = down @ field @ across.T
    spectrum *= damping_down[:, None] * damping_across
    return np.asarray(down.T @ spectrum @ across)


@lru_cache(maxsize=32)
def kept_cosines(length: int, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the cosines of the DCT-II that a smoothing keeps.

    Args:
        length (int): Of the axis, n.
        sigma (float): Of the smoothing, in pixels.

    Returns:
        tuple[np.ndarray, np.ndarray]: float32: the cosines (r, n), what the
        smoothing multiplies them with (r, ).
    """
    kernel = gaussian_kernel(sigma, _CUT).astype(np.float64)
    radius = len(kernel) // 2
    frequency = np.arange(length) * np.pi / length
    damping = kernel @ np.cos(
        np.arange(-radius, radius + 1)[:, None] * frequency)
    kept = np.abs(damping) >= _DAMPED
    basis = np.cos(frequency[kept, None] * (np.arange(length) + 0.5))
    basis *= math.sqrt(2 / length)
    basis[0] /= math.sqrt(2)
    return basis.astype(np.float32), damping[kept].astype(np.float32)


def affine_map(moves: np.ndarray, height: int, width: int) -> np.ndarray:
    """Map three points around the centre to themselves plus ``moves``.

    Args:
        moves (np.ndarray): (3, 2) float32 (x, y), pixels.
        height (int): Of the image.
        width (int): Of the image.

    Returns:
        np.ndarray: (2, 3) float64, see ``cv2.warpAffine``.
    """
    centre = np.array([width, height], np.float32) // 2
    third = min(height, width) // 3
    points = centre + np.array([[third, third], [third, -third],
                                [-third, -third]], np.float32)
    return np.asarray(
        cv2.getAffineTransform(points, (points + moves).astype(np.float32)))
