"""Blur corruptions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from ..blur import (
    DEFOCUS_TIE,
    EXACT_SUPPORT,
    defocus_kernel,
    draw_motion_blur,
    separable_sum,
)
from ..seeding import Key
from .filters import enlarge, gaussian, motion, pad, separable, truncate
from .registry import register
from .tables import on_device


@register('gaussian_blur')
def gaussian_blur(images: torch.Tensor, params: float,
                  keys: Sequence[Key]) -> torch.Tensor:
    """Blur with a Gaussian cut at 4 sigma, the border repeated, truncated.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (float): Sigma in pixels.
        keys (Sequence[Key]): Not random.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    return truncate(gaussian(images, params))


@register('defocus_blur')
def defocus_blur(images: torch.Tensor, params: tuple[float, float],
                 keys: Sequence[Key]) -> torch.Tensor:
    """Blur with a disk, see :func:`..blur.defocus_blur`.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (tuple[float, float]): Radius of the disk and sigma of its
            anti-aliasing, in pixels.
        keys (Sequence[Key]): Not random.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    kernel = defocus_kernel(*params)
    if len(kernel) <= EXACT_SUPPORT:
        # A mean of five levels is an integer so often that the float32
        # kernel's own round-off decides; float64 keeps it.
        reach = len(kernel) // 2
        planes = pad(images, reach, reach, 'reflect').flatten(0, 1)[:, None]
        taps = on_device(images.device, defocus_kernel, *params)[None, None]
        exact = functional.conv2d(planes.double(), taps.double())
        return truncate(exact, 0).view(images.shape)
    rows, columns = on_device(images.device, _products, *params)
    total = kernel.sum(dtype=np.float64)
    return truncate(
        separable(images, rows, columns, 'reflect'),
        math.copysign(DEFOCUS_TIE, total - 1))


def _products(radius: float, alias_sigma: float) -> np.ndarray:
    """Rows and columns of the disk's kernel, (2, rank, taps)."""
    pairs = separable_sum(radius, alias_sigma)
    return np.stack(pairs, axis=1)  # type: ignore[arg-type]


@register('motion_blur')
def motion_blur(images: torch.Tensor, params: tuple[int, float],
                keys: Sequence[Key]) -> torch.Tensor:
    """Blur along a line, see :func:`..filters.motion`; truncated.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (tuple[int, float]): Radius and sigma in pixels.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    height, width = images.shape[2:]
    angles = [draw_motion_blur(k, (height, width, 3), params) for k in keys]
    return truncate(motion(images, *params, angles))


@register('zoom_blur')
def zoom_blur(images: torch.Tensor, params: tuple[float, ...],
              keys: Sequence[Key]) -> torch.Tensor:
    """Average the picture with enlargements of its centre, truncated.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (tuple[float, ...]): Enlargements, the first of them 1.
        keys (Sequence[Key]): Not random.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    height, width = images.shape[2:]
    source = images.to(torch.float32)
    # The picture itself counts besides the enlargement 1.
    total = source * 2
    for zoom in params[1:]:
        rows, columns = math.ceil(height / zoom), math.ceil(width / zoom)
        top, left = (height - rows) // 2, (width - columns) // 2
        part = source[..., top:top + rows, left:left + columns]
        size = round(rows * zoom), round(columns * zoom)
        total += enlarge(part, size)[..., :height, :width]
    return truncate(total / (len(params) + 1))
