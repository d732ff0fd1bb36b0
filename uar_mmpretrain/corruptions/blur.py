"""Blur corruptions."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

from .backend import kernels
from .filters import TIE_OFFSET, enlarge, gaussian, motion, truncate
from .registry import register
from .seeding import Key, random_uniform

# The reference truncates the float64 sum over a float32 kernel. Where the
# exact sum is an integer (flat areas), the float32 kernel's own total decides
# on which side it lands; this offset puts a float32 sum on the same side.
DEFOCUS_TIE = 1e-4
# Up to this support the float64 sum is about as fast and needs no offset.
EXACT_SUPPORT = 5
# Singular values of a disk kernel fall from 1e-2 to 1e-8 at its exact rank.
_RANK_CUT = 1e-6


@register('defocus_blur')
def defocus_blur(image: np.ndarray, params: tuple[float, float],
                 draws: None) -> np.ndarray:
    """Blur with a disk, mirrored border (edge not repeated), truncated.

    Args:
        image (np.ndarray): HWC uint8.
        params (tuple[float, float]): Radius of the disk and sigma of its
            anti-aliasing, in pixels.
        draws (None): Not random.

    Returns:
        np.ndarray: HWC uint8.
    """
    kernel = defocus_kernel(*params)
    if len(kernel) <= EXACT_SUPPORT:
        # The kernel's total exceeds 1 by less than 1e-7, so truncation
        # cannot pass 255.
        exact = cv2.filter2D(image, cv2.CV_64F, kernel)
        return np.asarray(exact, np.uint8)
    first, *between, last = separable_sum(*params)
    delta = math.copysign(DEFOCUS_TIE, kernel.sum(dtype=np.float64) - 1)
    # OpenCV rounds and saturates when it converts, so half a level less
    # makes it a floor; the kernel's total may exceed 1 by 1.3 %.
    total = cv2.sepFilter2D(image, cv2.CV_32F, *first, delta=delta - 0.5)
    for pair in between:
        cv2.add(total, cv2.sepFilter2D(image, cv2.CV_32F, *pair), dst=total)
    part = cv2.sepFilter2D(image, cv2.CV_32F, *last)
    return np.asarray(cv2.add(total, part, dtype=cv2.CV_8U))


@lru_cache(maxsize=32)
def defocus_kernel(radius: float, alias_sigma: float) -> np.ndarray:
    """Make the anti-aliased disk of ImageNet-C, cropped to its support.

    A disk that reaches within one tap of its grid's edge is mirrored back in
    by the anti-aliasing, and the kernel's total exceeds 1 (1.0130 for radius
    8, sigma 0.5). The reference does so; it is kept.

    Args:
        radius (float): Radius in pixels.
        alias_sigma (float): Sigma of the anti-aliasing in pixels.

    Returns:
        np.ndarray: float32, square with an odd side, read-only.
    """
    reach = 8 if radius <= 8 else int(radius)
    size = 3 if radius <= 8 else 5
    square = np.arange(-reach, reach + 1)**2
    inside = square[:, None] + square <= radius**2
    disk = inside.astype(np.float32) / np.float32(inside.sum())
    kernel = cv2.GaussianBlur(disk, (size, size), alias_sigma)
    margin = int(np.flatnonzero(kernel.any(axis=0))[0])
    end = len(kernel) - margin
    kernel = np.ascontiguousarray(kernel[margin:end, margin:end])
    kernel.flags.writeable = False
    return kernel


@lru_cache(maxsize=32)
def separable_sum(
        radius: float,
        alias_sigma: float) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Split :func:`defocus_kernel` into the few products it sums.

    Every disk of more than :data:`EXACT_SUPPORT` taps has rank 3 to 9.

    Args:
        radius (float): Radius in pixels.
        alias_sigma (float): Sigma of the anti-aliasing in pixels.

    Returns:
        tuple[tuple[np.ndarray, np.ndarray], ...]: (row, column) float32.
    """
    kernel = defocus_kernel(radius, alias_sigma).astype(np.float64)
    left, values, right = np.linalg.svd(kernel)
    rank = int((values > _RANK_CUT * values[0]).sum())
    scale = np.sqrt(values[:rank])
    columns = (left[:, :rank] * scale).T.astype(np.float32)
    rows = (right[:rank] * scale[:, None]).astype(np.float32)
    return tuple(zip(rows, columns))


@register('gaussian_blur')
def gaussian_blur(image: np.ndarray, params: float,
                  draws: None) -> np.ndarray:
    """Blur with a Gaussian cut at 4 sigma, the border repeated, truncated.

    Args:
        image (np.ndarray): HWC uint8.
        params (float): Sigma in pixels.
        draws (None): Not random.

    Returns:
        np.ndarray: HWC uint8.
    """
    return truncate(gaussian(image, params))


def draw_motion_blur(key: Key, shape: tuple[int, int, int],
                     params: tuple[int, float]) -> float:
    """Draw the direction.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (tuple[int, float]): Not used.

    Returns:
        float: U(-45, 45) degrees.
    """
    return float(random_uniform(key.word(), 1)[0]) * 90 - 45


@register('motion_blur', draw=draw_motion_blur)
def motion_blur(image: np.ndarray, params: tuple[int, float],
                draws: float) -> np.ndarray:
    """Blur along a line, see :func:`.filters.motion`; truncated.

    Args:
        image (np.ndarray): HWC uint8.
        params (tuple[int, float]): Radius and sigma in pixels.
        draws (float): Direction in degrees.

    Returns:
        np.ndarray: HWC uint8.
    """
    return truncate(motion(image, *params, draws))


@register('zoom_blur')
def zoom_blur(image: np.ndarray, params: tuple[float, ...],
              draws: None) -> np.ndarray:
    """Average the picture with enlargements of its centre, truncated.

    Args:
        image (np.ndarray): HWC uint8.
        params (tuple[float, ...]): Enlargements, the first of them 1.
        draws (None): Not random.

    Returns:
        np.ndarray: HWC uint8.
    """
    height, width = image.shape[:2]
    source = image.astype(np.float32)
    compiled = kernels()
    if compiled:
        levels = compiled.zoom(
            source.reshape(height, -1), *_zoom_plan(params, height, width),
            np.float32(TIE_OFFSET))
        return np.asarray(levels.reshape(image.shape))
    # The picture itself counts besides the enlargement 1.
    total = source * 2
    for zoom in params[1:]:
        top, rows, tall = _crop(height, zoom)
        left, columns, wide = _crop(width, zoom)
        part = source[top:top + rows, left:left + columns]
        # An enlargement is at least as large as the image; its first rows
        # and columns are kept.
        cv2.accumulate(enlarge(part, (tall, wide))[:height, :width], total)
    total /= len(params) + 1
    return truncate(total)


def _crop(side: int, zoom: float) -> tuple[int, int, int]:
    """Start and length of what is enlarged, and its length afterwards."""
    length = math.ceil(side / zoom)
    return (side - length) // 2, length, round(length * zoom)


@lru_cache(maxsize=16)
def _zoom_plan(params: tuple[float, ...], height: int,
               width: int) -> tuple[np.ndarray, ...]:
    """What :func:`.compiled.zoom` reads, in the order of its arguments."""
    down = [_positions(height, zoom) for zoom in params[1:]]
    across = [_positions(width, zoom) for zoom in params[1:]]
    top, bottom, share_y = (np.stack(part) for part in zip(*down))
    left, right, share_x = (np.stack(part) for part in zip(*across))
    channels = np.arange(3, dtype=np.int32)
    left, right = ((3 * part[..., None] + channels).reshape(len(part), -1)
                   for part in (left, right))
    return left, right, share_x.repeat(3, axis=1), top, bottom, share_y


def _positions(side: int,
               zoom: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Neighbours that one axis of an enlargement reads, weight of the 2nd.

    In float32, as OpenCV computes them; see :func:`.filters.enlarge`.
    """
    start, length, enlarged = _crop(side, zoom)
    step = np.float32((length - 1) / max(enlarged - 1, 1))
    position = np.arange(side, dtype=np.float32) * step
    first = position.astype(np.int32)
    second = np.minimum(first + 1, length - 1)
    return start + first, start + second, position - first.astype(np.float32)
