"""Digital corruptions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ..digital import WEIGHT_BITS, boxes, nearest, saturation_tables
from ..seeding import Key
from .filters import truncate
from .registry import register
from .tables import look_up, on_device


@register('contrast')
def contrast(images: torch.Tensor, params: float,
             keys: Sequence[Key]) -> torch.Tensor:
    """Shrink the distance to each channel's mean: (u - m) c + m, truncated.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (float): Share c of the distance that is kept.
        keys (Sequence[Key]): Not random.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    flat = images.flatten(2)
    # OpenCV multiplies by the reciprocal; on flat areas the last bit counts.
    mean = flat.sum(2, keepdim=True).double() * (1 / flat.shape[2]) / 255
    level = torch.arange(256, device=images.device).double() / 255
    tables = ((level - mean) * params + mean).clamp_(0, 1) * 255
    moved = tables.to(torch.uint8).gather(2, flat.to(torch.int64))
    return moved.view(images.shape)


@register('saturate')
def saturate(images: torch.Tensor, params: tuple[float, float],
             keys: Sequence[Key]) -> torch.Tensor:
    """Scale the HSV saturation, see :func:`..digital.saturate`.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8 BGR.
        params (tuple[float, float]): Factor and offset.
        keys (Sequence[Key]): Not random.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    least, value = torch.aminmax(images, dim=1, keepdim=True)
    index = (value.to(torch.int32) << 8) | least
    factor, floor = (
        look_up(on_device(images.device, _saturation_table, part, *params),
                index) for part in (0, 1))
    moved = truncate(value - (value - images) * factor)
    # The least channel by the reference's own float64 steps.
    moved = torch.where(images == least, floor.to(torch.uint8), moved)
    if params[1]:
        # Grey is red: its red keeps the level that the others lose.
        red = moved[:, 2:]
        red.copy_(torch.where(value == least, value, red))
    return moved


def _saturation_table(part: int, factor: float, offset: float) -> np.ndarray:
    return saturation_tables(factor, offset)[part]


@register('pixelate')
def pixelate(images: torch.Tensor, params: float,
             keys: Sequence[Key]) -> torch.Tensor:
    """Average boxes and repeat the averages, see :func:`..digital.pixelate`.

    Pillow averages along the rows first, rounds to 8 bits, and then along
    the columns; its integer arithmetic is followed.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (float): Share of the side that is kept.
        keys (Sequence[Key]): Not random.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    height, width = images.shape[2:]
    small = images
    for axis, length in ((3, width), (2, height)):
        small = _box_means(small, axis, int(length * params))
    for axis, length in ((3, width), (2, height)):
        index = on_device(images.device, nearest, small.shape[axis], length)
        small = small.index_select(axis, index)
    return small


def _box_means(images: torch.Tensor, axis: int, number: int) -> torch.Tensor:
    """Average the boxes of one axis as Pillow does."""
    starts, ends, weights = on_device(images.device, boxes,
                                      images.shape[axis], number)
    sums = images.cumsum(axis, dtype=torch.int32)
    zero = torch.zeros_like(sums.narrow(axis, 0, 1))
    sums = torch.cat((zero, sums), axis)
    totals = sums.index_select(axis, ends) - sums.index_select(axis, starts)
    shape = [1] * images.ndim
    shape[axis] = number
    half = 1 << (WEIGHT_BITS - 1)
    means = (totals * weights.view(shape) + half) >> WEIGHT_BITS
    return means.to(torch.uint8)
