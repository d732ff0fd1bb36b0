"""Building blocks that several corruptions share."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

from .backend import kernels

# A sum of float32 products that is an integer in exact arithmetic (flat
# areas) may fall a hair below it; this keeps truncation from taking a level.
TIE_OFFSET = 1e-3
# Motion taps whose remaining weight is below this are left out.
_NEGLIGIBLE = 1 / 32768


def truncate(values: np.ndarray) -> np.ndarray:
    """Turn grey levels into uint8 as the reference does, toward zero.

    Args:
        values (np.ndarray): float32 levels of at most 255.99; may be
            overwritten.

    Returns:
        np.ndarray: uint8 of the same shape.
    """
    compiled = kernels()
    if compiled:
        out = np.empty(values.shape, np.uint8)
        compiled.truncate(values.reshape(-1), np.float32(TIE_OFFSET),
                          out.reshape(-1))
        return out
    values += np.float32(TIE_OFFSET)
    return values.astype(np.uint8)


def in_three_channels(field: np.ndarray) -> np.ndarray:
    """Repeat a field in three channels.

    NumPy's own broadcasting over so short an axis is several times slower.

    Args:
        field (np.ndarray): (H, W) float32 or uint16.

    Returns:
        np.ndarray: (H, W, 3) of the same kind.
    """
    return np.asarray(cv2.cvtColor(field, cv2.COLOR_GRAY2BGR))


def gaussian(image: np.ndarray, sigma: float) -> np.ndarray:
    """Blur with a Gaussian cut at 4 sigma, the border repeated.

    Args:
        image (np.ndarray): (H, W) or (H, W, 3), uint8 or float32.
        sigma (float): Standard deviation in pixels.

    Returns:
        np.ndarray: float32 of the same shape, on the same scale.
    """
    kernel = gaussian_kernel(sigma)
    return np.asarray(
        cv2.sepFilter2D(
            image,
            cv2.CV_32F,
            kernel,
            kernel,
            borderType=cv2.BORDER_REPLICATE))


@lru_cache(maxsize=64)
def gaussian_kernel(sigma: float, cut: float = 4.0) -> np.ndarray:
    """Make the normalised samples of a Gaussian, as scipy.ndimage does.

    Args:
        sigma (float): Standard deviation in pixels; 0 gives the identity.
        cut (float): Where it ends, in standard deviations.

    Returns:
        np.ndarray: float32, 2 int(cut sigma + 0.5) + 1 taps, read-only.
    """
    radius = int(cut * sigma + 0.5)
    taps = np.arange(-radius, radius + 1)
    weights = np.exp(-0.5 * (taps / max(sigma, 1e-9))**2)
    kernel = (weights / weights.sum()).astype(np.float32)
    kernel.flags.writeable = False
    return kernel


def motion(image: np.ndarray, radius: int, sigma: float,
           angle: float) -> np.ndarray:
    """Blur along a line with a one-sided Gaussian, the border repeated.

    Tap i of the 2 radius + 1 reads (x + ceil(i cos a - 0.5), y +
    ceil(i sin a - 0.5)), y downward, with weight exp(-i^2 / 2 sigma^2). The
    picture is shifted as well as blurred: that is ImageMagick's definition.

    Args:
        image (np.ndarray): (H, W) or (H, W, 3), uint8 or float32.
        radius (int): Reach of the line in pixels.
        sigma (float): Standard deviation along the line in pixels.
        angle (float): Direction in degrees, clockwise as seen.

    Returns:
        np.ndarray: float32 of the same shape, on the same scale.
    """
    height, width = image.shape[:2]
    compiled = kernels()
    if compiled:
        direction = math.radians(angle)
        return np.asarray(
            compiled.motion(
                image.reshape(height, -1), _motion_weights(radius, sigma),
                math.cos(direction), math.sin(direction),
                image.size // (height * width))).reshape(image.shape)
    taps = motion_taps(radius, sigma, angle, (height, width))
    across = [x for x, _, _ in taps]
    down = [y for _, y, _ in taps]
    left, top = -min(across), -min(down)
    padded = cv2.copyMakeBorder(
        image.astype(np.float32), top, max(down), left, max(across),
        cv2.BORDER_REPLICATE)
    total = np.zeros(image.shape, np.float32)
    for x, y, weight in taps:
        view = padded[top + y:top + y + height, left + x:left + x + width]
        cv2.scaleAdd(view, weight, total, dst=total)
    return total


def motion_taps(radius: int, sigma: float, angle: float,
                shape: tuple[int, int]) -> list[tuple[int, int, float]]:
    """List where the line of :func:`motion` reads, and with what weight.

    Args:
        radius (int): Reach of the line in pixels.
        sigma (float): Standard deviation along the line in pixels.
        angle (float): Direction in degrees, clockwise as seen.
        shape (tuple[int, int]): (H, W) of the image: the reference stops at
            the first tap that leaves it altogether, without renormalising.

    Returns:
        list[tuple[int, int, float]]: (columns right, rows down, weight).
    """
    cosine = math.cos(math.radians(angle))
    sine = math.sin(math.radians(angle))
    height, width = shape
    merged: dict[tuple[int, int], float] = {}
    for i, weight in enumerate(_motion_weights(radius, sigma).tolist()):
        x = math.ceil(i * cosine - 0.5)
        y = math.ceil(i * sine - 0.5)
        if abs(x) >= width or abs(y) >= height:
            break
        merged[x, y] = merged.get((x, y), 0.0) + weight
    return [(x, y, weight) for (x, y), weight in merged.items()]


@lru_cache(maxsize=64)
def _motion_weights(radius: int, sigma: float) -> np.ndarray:
    weights = np.exp(-0.5 * (np.arange(2 * radius + 1) / sigma)**2)
    weights /= weights.sum()
    remaining = weights[::-1].cumsum()[::-1]
    kept = weights[remaining >= _NEGLIGIBLE]
    return np.asarray(kept / kept.sum())


def enlarge(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Enlarge with linear interpolation, corners on corners.

    Output sample i reads position i (c - 1) / (o - 1), as scipy's order-1
    zoom; OpenCV's and torch's usual resizing align half-pixels instead.

    Args:
        image (np.ndarray): (H, W) or (H, W, 3) float32.
        size (tuple[int, int]): (height, width) of the result.

    Returns:
        np.ndarray: float32 of that size.
    """
    height, width = size
    step_x = (image.shape[1] - 1) / max(width - 1, 1)
    step_y = (image.shape[0] - 1) / max(height - 1, 1)
    matrix = np.array([[step_x, 0, 0], [0, step_y, 0]])
    return np.asarray(
        cv2.warpAffine(
            image,
            matrix, (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE))
