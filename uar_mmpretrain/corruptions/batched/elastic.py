"""Elastic transform: a smooth random displacement of the pixels."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from torch.nn import functional

from ..elastic import Params, affine_map, kept_cosines
from ..seeding import Key, random_uniform
from . import bits
from .filters import truncate
from .registry import register
from .tables import on_device


@register('elastic_transform')
def elastic_transform(images: torch.Tensor, params: Params,
                      keys: Sequence[Key]) -> torch.Tensor:
    """Map the picture affinely, then move every pixel a little, truncated.

    See :func:`..elastic.elastic_transform`, whose streams these are.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (tuple): As the NumPy version takes them.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    strength, sigmas, reach = params
    height, width = images.shape[2:]
    device = images.device
    source = images.to(torch.float32)
    rows = torch.arange(height, device=device)[:, None]
    columns = torch.arange(width, device=device)
    if reach:
        a, b, c, d, e, f = _inverses(keys, reach, height, width, device)
        # align_corners=True mirrors without repeating the border's pixel.
        source = _sample(source, a * columns + b * rows + c,
                         d * columns + e * rows + f, True)
    if strength:
        along_x, along_y = (
            _smooth(_field(keys, stream, height, width, device), sigmas)
            for stream in (1, 2))
        source = _sample(source, along_x * strength + columns,
                         along_y * strength + rows, False)
    return truncate(source)


def _field(keys: Sequence[Key], stream: int, height: int, width: int,
           device: torch.device) -> torch.Tensor:
    words = [key.word(stream) for key in keys]
    uniform = bits.random_uniform(words, height * width, device)
    return (uniform * 2 - 1).view(-1, height, width)


def _smooth(fields: torch.Tensor, sigmas: tuple[float,
                                                float]) -> torch.Tensor:
    """Smooth with a Gaussian, half-sample mirrored, by its cosines.

    In float64, which TF32 leaves alone.
    """
    height, width = fields.shape[1:]
    down = on_device(fields.device, _smoothing, height, sigmas[0])
    across = on_device(fields.device, _smoothing, width, sigmas[1])
    return (down @ fields.double() @ across).float()


def _smoothing(length: int, sigma: float) -> np.ndarray:
    """The symmetric matrix (n, n) that smooths one axis."""
    basis, damping = (part.astype(np.float64)
                      for part in kept_cosines(length, sigma))
    return np.asarray((basis.T * damping) @ basis)


def _inverses(keys: Sequence[Key], reach: float, height: int, width: int,
              device: torch.device) -> torch.Tensor:
    """Coefficients of the maps from result to picture, (6, B, 1, 1)."""
    maps = []
    for key in keys:
        corners = random_uniform(key.word(0), 6) * np.float32(2) - 1
        moves = corners.reshape(3, 2) * np.float32(reach)
        forward = affine_map(moves, height, width)
        maps.append(cv2.invertAffineTransform(forward).ravel())
    table = torch.tensor(np.array(maps), device=device)
    return table.T[..., None, None]


def _sample(images: torch.Tensor, x: torch.Tensor, y: torch.Tensor,
            align_corners: bool) -> torch.Tensor:
    """Read images linearly at positions in pixels, mirrored outside."""
    height, width = images.shape[2:]
    if align_corners:
        grid = (2 * x / (width - 1) - 1, 2 * y / (height - 1) - 1)
    else:
        grid = ((2 * x + 1) / width - 1, (2 * y + 1) / height - 1)
    return functional.grid_sample(
        images,
        torch.stack(grid, -1).float(),
        padding_mode='reflection',
        align_corners=align_corners)
