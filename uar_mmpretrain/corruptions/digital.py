"""Digital corruptions."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from PIL import Image

from .backend import kernels
from .filters import TIE_OFFSET
from .registry import register

# Pillow's weights have this many fractional bits.
WEIGHT_BITS = 22


@register('contrast')
def contrast(image: np.ndarray, params: float, draws: None) -> np.ndarray:
    """Shrink the distance to each channel's mean: (u - m) c + m, truncated.

    Args:
        image (np.ndarray): HWC uint8.
        params (float): Share c of the distance that is kept.
        draws (None): Not random.

    Returns:
        np.ndarray: HWC uint8.
    """
    means = cv2.mean(image)[:3]
    compiled = kernels()
    if compiled:
        return np.asarray(
            compiled.contrast(image.reshape(-1, 3), means,
                              float(params))).reshape(image.shape)
    mean = np.array(means) / 255
    level = np.arange(256)[:, None] / 255
    table = np.clip((level - mean) * params + mean, 0, 1) * 255
    return cv2.LUT(image, table.astype(np.uint8)[None])


@register('pixelate')
def pixelate(image: np.ndarray, params: float, draws: None) -> np.ndarray:
    """Shrink with Pillow's box filter and repeat pixels to enlarge again.

    ImageNet-C enlarges with the box filter too and ``imagecorruptions`` with
    the nearest pixel. The two are equal at 32, 48, 64 and 224 pixels; at
    some other sizes they break ties differently, and this follows the latter.

    Args:
        image (np.ndarray): HWC uint8, at least 8 pixels each way.
        params (float): Share of the side that is kept.
        draws (None): Not random.

    Returns:
        np.ndarray: HWC uint8.
    """
    height, width = image.shape[:2]
    rows, columns = int(height * params), int(width * params)
    compiled = kernels()
    if compiled:
        return np.asarray(
            compiled.pixelate(image, boxes(width, columns),
                              boxes(height, rows), nearest(columns, width),
                              nearest(rows, height), WEIGHT_BITS))
    # Pillow, not OpenCV: INTER_AREA weights partly covered pixels, Pillow's
    # box does not, and most values would differ.
    small = Image.fromarray(image).resize(
        (columns, rows), Image.Resampling.BOX)
    # Repeats the pixels that Pillow's nearest repeats, in less time.
    return np.asarray(
        cv2.resize(
            np.asarray(small), (width, height),
            interpolation=cv2.INTER_NEAREST_EXACT))


@lru_cache(maxsize=64)
def boxes(length: int, number: int) -> np.ndarray:
    """Tell which pixels Pillow averages when it shrinks one axis.

    Pillow tells: what it makes of the identity is its matrix, whose entries
    are equal inside a box.

    Args:
        length (int): Of the axis, in pixels.
        number (int): Of averages.

    Returns:
        np.ndarray: int32 (3, number): first pixel, one past the last, weight
        of a pixel times 2^WEIGHT_BITS.
    """
    identity = Image.fromarray(np.eye(length, dtype=np.float32))
    matrix = identity.resize((number, length), Image.Resampling.BOX)
    inside = np.asarray(matrix) > 0
    starts, counts = inside.argmax(0), inside.sum(0)
    weights = np.floor((1 << WEIGHT_BITS) / counts + 0.5)
    return np.stack([starts, starts + counts, weights]).astype(np.int32)


@lru_cache(maxsize=64)
def nearest(number: int, length: int) -> np.ndarray:
    """Tell which pixels Pillow repeats when it enlarges one axis.

    Args:
        number (int): Of pixels.
        length (int): Of the axis afterwards.

    Returns:
        np.ndarray: int32 (length, ).
    """
    numbers = Image.fromarray(np.arange(number, dtype=np.int32)[None])
    return np.array(numbers.resize((length, 1), Image.Resampling.NEAREST))[0]


@register('jpeg_compression')
def jpeg_compression(image: np.ndarray, params: int,
                     draws: None) -> np.ndarray:
    """Encode as JPEG (4:2:0) and decode.

    Args:
        image (np.ndarray): HWC uint8 BGR.
        params (int): JPEG quality.
        draws (None): Not random.

    Returns:
        np.ndarray: HWC uint8 BGR.

    Raises:
        ValueError: If the image is too large for JPEG.
    """
    return save_as_jpeg(image, params)


def save_as_jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    """Encode as JPEG with the standard tables (4:2:0) and decode.

    Args:
        image (np.ndarray): HWC uint8 BGR.
        quality (int): JPEG quality, 1 to 100.

    Returns:
        np.ndarray: HWC uint8 BGR.

    Raises:
        ValueError: If the image is too large for JPEG.
    """
    if max(image.shape) > 65500:
        raise ValueError('jpeg_compression: JPEG holds at most 65500 pixels '
                         f'each way, found an image of shape {image.shape}')
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality]
    _, encoded = cv2.imencode('.jpg', image, settings)
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR))


@register('saturate')
def saturate(image: np.ndarray, params: tuple[float, float],
             draws: None) -> np.ndarray:
    """Scale the HSV saturation: S' = clip(a S + b), truncated.

    Closed form: every channel moves away from V = max(B, G, R) by the factor
    S' / S. A grey pixel has hue 0 (red): with b > 0 its green and blue fall
    to V (1 - b).

    Args:
        image (np.ndarray): HWC uint8 BGR.
        params (tuple[float, float]): Factor a and offset b.
        draws (None): Not random.

    Returns:
        np.ndarray: HWC uint8 BGR.
    """
    ratios, floors = saturation_tables(*params)
    # OpenCV rounds when it converts, so half a level less makes it a floor.
    offset = np.float32(TIE_OFFSET - 0.5)
    compiled = kernels()
    if compiled:
        return np.asarray(
            compiled.saturate(image.reshape(-1, 3), ratios, floors, offset,
                              bool(params[1]))).reshape(image.shape)
    planes = cv2.split(image)
    value = np.asarray(cv2.max(cv2.max(*planes[:2]), planes[2]), np.uint8)
    least = np.asarray(cv2.min(cv2.min(*planes[:2]), planes[2]), np.uint8)
    index = (value.astype(np.uint16) << 8) | least
    # mode='clip' skips the bounds check; a uint16 cannot leave the table.
    factor, floor = (
        np.take(table, index, mode='clip')
        for table in (ratios, floors))
    lowered = value + offset
    moved = []
    for plane in planes:
        away = cv2.multiply(
            cv2.subtract(value, plane), factor, dtype=cv2.CV_32F)
        level = cv2.subtract(lowered, away, dtype=cv2.CV_8U)
        # The least channel by the reference's own float64 steps.
        cv2.copyTo(floor, cv2.compare(plane, least, cv2.CMP_EQ), level)
        moved.append(level)
    if params[1]:
        # Grey is red: its red keeps the level that the others lose.
        grey = cv2.compare(value, least, cv2.CMP_EQ)
        cv2.copyTo(value, grey, moved[2])
    return np.asarray(cv2.merge(moved))


@lru_cache(maxsize=32)
def saturation_tables(factor: float,
                      offset: float) -> tuple[np.ndarray, np.ndarray]:
    """Tabulate the change of the HSV saturation by 256 V + least channel.

    Args:
        factor (float): See :func:`saturate`.
        offset (float): See :func:`saturate`.

    Returns:
        tuple[np.ndarray, np.ndarray]: Shape (65536, ): S' / S, float32; new
        level of the least channel, uint8.
    """
    level = np.arange(256) / 255
    value = level[:, None]
    spread = np.maximum(value - level, 0)
    old = np.divide(spread, value, out=np.zeros_like(spread), where=value > 0)
    new = np.clip(old * factor + offset, 0, 1)
    ratio = np.divide(new, old, out=np.ones_like(new), where=old > 0)
    least = np.asarray(value * (1 - new) * 255, np.uint8)
    return ratio.astype(np.float32).ravel(), least.ravel()
