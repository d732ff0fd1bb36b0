"""Weather corruptions."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Optional

import cv2
import numpy as np

from .backend import kernels
from .filters import (
    TIE_OFFSET,
    enlarge,
    in_three_channels,
    motion,
    truncate,
)
from .frost import covering, textures
from .registry import register
from .seeding import Key, random_normal, random_uniform

SnowParams = tuple[float, float, float, float, int, float, float]
FrostParams = tuple[float, float, float, Optional[str]]


def draw_snow(key: Key, shape: tuple[int, int, int],
              params: SnowParams) -> tuple[np.ndarray, float]:
    """Draw the flakes before they are enlarged, and where they fly.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (tuple): Mean, deviation and enlargement first.

    Returns:
        tuple[np.ndarray, float]: float32 N(m, s) of shape (ceil(H / z),
        ceil(W / z)), all that an enlargement by z can show; U(-135, -45)
        degrees.
    """
    mean, std, zoom = params[:3]
    rows, columns = (math.ceil(side / zoom) for side in shape[:2])
    flakes = random_normal(key.word(0), rows * columns)
    flakes *= np.float32(std)
    flakes += np.float32(mean)
    angle = float(random_uniform(key.word(1), 1)[0]) * 90 - 135
    return flakes.reshape(rows, columns), angle


@register('snow', draw=draw_snow)
def snow(image: np.ndarray, params: SnowParams,
         draws: tuple[np.ndarray, float]) -> np.ndarray:
    """Whiten the picture and let flakes fly over it, truncated.

    y = a u + (1 - a) max(u, 1.5 Y + 0.5) + L + rot180(L), with the
    luminance Y and the layer of flakes L, rounded to 8 bits.

    Args:
        image (np.ndarray): HWC uint8 BGR.
        params (tuple): Mean and deviation of the flakes (already in
            ``draws``), their enlargement, threshold, radius and sigma of
            their motion in pixels, share a of the picture.
        draws (tuple[np.ndarray, float]): See :func:`draw_snow`.

    Returns:
        np.ndarray: HWC uint8 BGR.
    """
    _, _, zoom, threshold, radius, sigma, kept = params
    flakes, angle = draws
    height, width = image.shape[:2]
    rows, columns = flakes.shape
    layer = enlarge(flakes, (round(rows * zoom), round(columns * zoom)))
    cv2.threshold(layer, threshold, 0, cv2.THRESH_TOZERO, dst=layer)
    cv2.threshold(layer, 1, 0, cv2.THRESH_TRUNC, dst=layer)
    # Blurred whole, then cropped, so that no border is repeated too early.
    layer = motion(layer, radius, sigma, angle)
    compiled = kernels()
    if compiled:
        return compiled.whiten(image, layer, np.float32(kept),
                               np.float32(1 - kept), np.float32(TIE_OFFSET))
    layer = np.rint(layer[:height, :width] * 255)
    layer += layer[::-1, ::-1].copy()
    levels = image.astype(np.float32)
    luminance = np.asarray(cv2.cvtColor(levels, cv2.COLOR_BGR2GRAY))
    white = np.float32(1.5) * luminance + np.float32(127.5)
    whitened = np.maximum(levels, in_three_channels(white))
    cv2.addWeighted(levels, kept, whitened, 1 - kept, 0, dst=whitened)
    whitened += in_three_channels(layer)
    cv2.threshold(whitened, 255, 0, cv2.THRESH_TRUNC, dst=whitened)
    return truncate(whitened)


def draw_frost(key: Key, shape: tuple[int, int, int],
               params: FrostParams) -> tuple[int, int, int]:
    """Draw which texture is laid over the picture, and which part of it.

    Args:
        key (Key): What the draw depends on.
        shape (tuple[int, int, int]): (H, W, 3).
        params (tuple): See :func:`frost`.

    Returns:
        tuple[int, int, int]: Index of the texture, row, column.
    """
    choice = random_uniform(key.word(), 3)
    index = int(choice[0] * 5)
    texture = frost_texture(index, shape, params)
    row, column = (int(c * (have - need))
                   for c, have, need in zip(choice[1:], texture.shape, shape))
    return index, row, column


@register('frost', draw=draw_frost)
def frost(image: np.ndarray, params: FrostParams,
          draws: tuple[int, int, int]) -> np.ndarray:
    """Lay a frosted pane over the picture: clip(a x + b F), truncated.

    Args:
        image (np.ndarray): HWC uint8 BGR.
        params (tuple): Shares a of the picture and b of the frost, scale of
            the textures, folder of the original pictures or None.
        draws (tuple[int, int, int]): See :func:`draw_frost`.

    Returns:
        np.ndarray: HWC uint8 BGR.
    """
    share, amount = params[:2]
    index, row, column = draws
    height, width = image.shape[:2]
    texture = frost_texture(index, image.shape, params)
    pane = texture[row:row + height, column:column + width]
    # OpenCV rounds and saturates, so half a level less makes it a floor.
    return np.asarray(cv2.addWeighted(image, share, pane, amount, -0.499))


def frost_texture(index: int, shape: tuple[int, ...],
             params: FrostParams) -> np.ndarray:
    """Return the texture that covers an image.

    Args:
        index (int): 0 to 4.
        shape (tuple[int, ...]): (H, W, ...) of the image.
        params (tuple): See :func:`frost`.

    Returns:
        np.ndarray: HWC uint8 BGR, at least as large as the image.
    """
    _, _, scale, folder = params
    return covering(textures(scale, folder)[index], *shape[:2])


@register('brightness')
def brightness(image: np.ndarray, params: float, draws: None) -> np.ndarray:
    """Add a constant to the HSV value V, hue and saturation kept.

    Closed form: every channel times V' / V with V' = min(V + c, 1), black
    becomes the grey c; truncated. A channel then depends only on itself and
    on V, hence one table.

    Args:
        image (np.ndarray): HWC uint8.
        params (float): The constant c on the scale 0..1.
        draws (None): Not random.

    Returns:
        np.ndarray: HWC uint8.
    """
    table = brightness_table(params)
    compiled = kernels()
    if compiled:
        return np.asarray(
            compiled.brighten(image.reshape(-1, 3), table)
        ).reshape(image.shape)
    first, second, third = cv2.split(image)
    value = cv2.max(cv2.max(first, second), third).astype(np.uint16)
    index = in_three_channels(value << 8) | image
    # mode='clip' skips the bounds check; a uint16 cannot leave the table.
    return np.asarray(np.take(table, index, mode='clip'))


@lru_cache(maxsize=32)
def brightness_table(constant: float) -> np.ndarray:
    """Tabulate the new level of a channel by 256 V + channel.

    The float64 steps are those of the HSV round trip for the smallest
    channel (1 - S times V'), so that only the middle one can differ.

    Args:
        constant (float): See :func:`brightness`.

    Returns:
        np.ndarray: uint8, shape (65536, ).
    """
    level = np.arange(256) / 255
    value = level[:, None]
    spread = np.maximum(value - level, 0)
    saturation = np.divide(
        spread, value, out=np.zeros_like(spread), where=value > 0)
    brighter = np.clip(value + constant, 0, 1) * (1 - saturation)
    return np.asarray(brighter * 255, np.uint8).ravel()
