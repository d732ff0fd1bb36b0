"""Building blocks that several corruptions share.

Float32 images of shape (B, C, H, W) on the scale 0..255 unless noted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from ..filters import TIE_OFFSET, gaussian_kernel, motion_taps
from .tables import on_device


def truncate(values: torch.Tensor,
             offset: float = TIE_OFFSET) -> torch.Tensor:
    """Turn grey levels into uint8 as the reference does, toward zero.

    Args:
        values (torch.Tensor): float32 levels.
        offset (float): Added before, see :func:`..filters.truncate`.

    Returns:
        torch.Tensor: uint8 of the same shape, saturated.
    """
    return (values + offset).clamp_(0, 255).to(torch.uint8)


def gaussian(images: torch.Tensor, sigma: float) -> torch.Tensor:
    """Blur with a Gaussian cut at 4 sigma, the border repeated.

    Args:
        images (torch.Tensor): uint8 or float32.
        sigma (float): Standard deviation in pixels.

    Returns:
        torch.Tensor: float32 of the same shape.
    """
    kernel = on_device(images.device, gaussian_kernel, sigma)[None]
    return separable(images, kernel, kernel, 'edge')


def separable(images: torch.Tensor, rows: torch.Tensor,
              columns: torch.Tensor, border: str) -> torch.Tensor:
    """Filter with a sum of products of a row and a column.

    Args:
        images (torch.Tensor): uint8 or float32.
        rows (torch.Tensor): (r, odd number of taps) float32.
        columns (torch.Tensor): (r, odd number of taps) float32.
        border (str): How the images go on, in the words of :func:`numpy.pad`.

    Returns:
        torch.Tensor: float32 of the same shape.
    """
    padded = pad(images, columns.shape[1] // 2, rows.shape[1] // 2, border)
    planes = padded.flatten(0, 1)[:, None].to(torch.float32)
    across = functional.conv2d(planes, rows[:, None, None])
    down = functional.conv2d(across, columns[None, ..., None])
    return down.view(images.shape)


def pad(images: torch.Tensor, rows: int, columns: int,
        border: str) -> torch.Tensor:
    """Continue images on all sides.

    By index, because torch mirrors no further than the image's own side.

    Args:
        images (torch.Tensor): Any type.
        rows (int): How many above and below.
        columns (int): How many to the left and right.
        border (str): How they go on, in the words of :func:`numpy.pad`.

    Returns:
        torch.Tensor: (B, C, H + 2 rows, W + 2 columns), same type.
    """
    for axis, extent in ((2, rows), (3, columns)):
        index = on_device(images.device, _continued, images.shape[axis],
                          extent, border)
        images = images.index_select(axis, index)
    return images


def _continued(length: int, extent: int, border: str) -> np.ndarray:
    positions = np.arange(length)
    return np.pad(positions, extent, border)  # type: ignore[call-overload]


def motion(images: torch.Tensor, radius: int, sigma: float,
           angles: Sequence[float]) -> torch.Tensor:
    """Blur every image along a line of its own, see :func:`..filters.motion`.

    Args:
        images (torch.Tensor): uint8 or float32.
        radius (int): Reach of the line in pixels.
        sigma (float): Standard deviation along the line in pixels.
        angles (Sequence[float]): B directions in degrees.

    Returns:
        torch.Tensor: float32 of the same shape.
    """
    batch, channels, height, width = images.shape
    taps = [motion_taps(radius, sigma, a, (height, width)) for a in angles]
    # Lines of several images merge into different numbers of taps.
    longest = max(map(len, taps))
    table = [line + [(0, 0, 0.0)] * (longest - len(line)) for line in taps]
    right, down, weights = (
        torch.tensor(part, device=images.device)
        for part in np.moveaxis(np.array(table), (2, 1), (0, 1)))
    flat = images.flatten(2).to(torch.float32)
    total = torch.zeros_like(flat)
    for x, y, weight in zip(right.long(), down.long(),
                            weights.to(torch.float32)):
        index = _shifted(height, y)[:, :, None] * width
        index = index + _shifted(width, x)[:, None, :]
        index = index.view(batch, 1, -1).expand(-1, channels, -1)
        total.addcmul_(flat.gather(2, index), weight[:, None, None])
    return total.view(images.shape)


def _shifted(length: int, moves: torch.Tensor) -> torch.Tensor:
    """Positions 0 .. length - 1 plus each move, (B, length), kept inside."""
    positions = torch.arange(length, device=moves.device)
    return (positions + moves[:, None]).clamp_(0, length - 1)


def enlarge(images: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Enlarge with linear interpolation, corners on corners.

    Args:
        images (torch.Tensor): float32.
        size (tuple[int, int]): (height, width) of the result.

    Returns:
        torch.Tensor: float32 of that size.
    """
    return functional.interpolate(
        images, size, mode='bilinear', align_corners=True)
