"""Digital corruptions."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from .registry import register


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
    mean = np.array(cv2.mean(image)[:3]) / 255
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
    # Pillow, not OpenCV: INTER_AREA weights partly covered pixels, Pillow's
    # box does not, and most values would differ.
    small = Image.fromarray(image).resize(
        (int(width * params), int(height * params)), Image.Resampling.BOX)
    return np.array(small.resize((width, height), Image.Resampling.NEAREST))


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
    if max(image.shape) > 65500:
        raise ValueError('jpeg_compression: JPEG holds at most 65500 pixels '
                         f'each way, found an image of shape {image.shape}')
    quality = [cv2.IMWRITE_JPEG_QUALITY, params]
    _, encoded = cv2.imencode('.jpg', image, quality)
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR))
