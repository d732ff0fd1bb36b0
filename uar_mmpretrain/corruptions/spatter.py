"""Spatter: drops of water or mud on the lens."""

from __future__ import annotations

import cv2
import numpy as np

from .backend import kernels
from .filters import TIE_OFFSET, gaussian, in_three_channels, truncate
from .registry import register
from .seeding import Key, random_normal

Params = tuple[float, float, float, float, float, str]

# B, G, R
_WATER = np.array([238, 238, 175], np.float32)
_MUD = np.array([20, 42, 63], np.float32)
_RELIEF = np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], np.float32)


def draw_spatter(key: Key, shape: tuple[int, int, int],
                 params: Params) -> np.ndarray:
    """Draw the liquid before it is smoothed.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (tuple): Mean and deviation first.

    Returns:
        np.ndarray: float32 (H, W).
    """
    mean, std = params[:2]
    height, width = shape[:2]
    field = random_normal(key.word(), height * width)
    field *= np.float32(std)
    field += np.float32(mean)
    return field.reshape(height, width)


@register('spatter', draw=draw_spatter)
def spatter(image: np.ndarray, params: Params,
            draws: np.ndarray) -> np.ndarray:
    """Cover parts of the picture with a liquid.

    Args:
        image (np.ndarray): HWC uint8 BGR.
        params (tuple): Mean and deviation (already in ``draws``), sigma of
            the smoothing, threshold, strength of water or sigma of mud,
            ``'water'`` or ``'mud'``.
        draws (np.ndarray): float32 (H, W).

    Returns:
        np.ndarray: HWC uint8 BGR.
    """
    _, _, sigma, threshold, amount, kind = params
    liquid = gaussian(draws, sigma)
    cv2.threshold(liquid, threshold, 0, cv2.THRESH_TOZERO, dst=liquid)
    if kind == 'mud':
        return _mud(image, liquid > threshold, amount)
    return _water(image, liquid, amount)


def _water(image: np.ndarray, liquid: np.ndarray,
           strength: float) -> np.ndarray:
    """Add pale blue where there is liquid, shaded by the distance to edges.

    Where no drop reaches the threshold or the shading is zero everywhere
    (the reference divides zero by zero), the picture stays as it is.
    """
    levels = np.minimum(liquid * np.float32(255), 255).astype(np.uint8)
    # The reference wraps values above 1; they are rarer than 1e-6.
    edges = cv2.Canny(levels, 50, 150)
    distance = cv2.distanceTransform(255 - edges, cv2.DIST_L2, 5)
    _, distance = cv2.threshold(distance, 20, 20, cv2.THRESH_TRUNC)
    smooth = cv2.blur(distance, (3, 3)).astype(np.uint8)
    relief = cv2.filter2D(cv2.equalizeHist(smooth), cv2.CV_8U, _RELIEF)
    shade: np.ndarray = levels * cv2.blur(relief, (3, 3)).astype(np.float32)
    peak = float(shade.max())
    if not peak:
        return image.copy()
    shade *= np.float32(strength / peak)
    return _coat(image, np.ones_like(shade), shade, _WATER)


def _mud(image: np.ndarray, mask: np.ndarray, sigma: float) -> np.ndarray:
    """Blend with brown where the smoothed mask is at least 0.8."""
    cover = gaussian(mask.astype(np.float32), sigma)
    cv2.threshold(cover, 0.8, 0, cv2.THRESH_TOZERO, dst=cover)
    return _coat(image, 1 - cover, cover, _MUD)


def _coat(image: np.ndarray, kept: np.ndarray, cover: np.ndarray,
          colour: np.ndarray) -> np.ndarray:
    """Return ``kept`` of the picture plus ``cover`` of a colour, truncated.

    Both are (H, W) float32.
    """
    compiled = kernels()
    if compiled:
        return np.asarray(
            compiled.coat(image, kept, cover, colour, np.float32(TIE_OFFSET)))
    coated = image * in_three_channels(kept)
    layer = in_three_channels(cover)
    rows = layer.reshape(len(cover), -1)
    rows *= np.tile(colour, cover.shape[1])
    coated += layer
    cv2.threshold(coated, 255, 0, cv2.THRESH_TRUNC, dst=coated)
    return truncate(coated)
