"""Fog: a fractal cloud over the picture."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ..fog import amplitudes, plasma_side
from ..seeding import Key
from .bits import random_uniform
from .filters import truncate
from .registry import register


@register('fog')
def fog(images: torch.Tensor, params: tuple[float, float],
        keys: Sequence[Key]) -> torch.Tensor:
    """Mix with a cloud: y = (u + c P) M / (M + c), truncated.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (tuple[float, float]): Amount c and decay of the fractal.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    amount, decay = params
    height, width = images.shape[2:]
    side = plasma_side((height, width))
    uniform = random_uniform([key.word() for key in keys], side * side - 1,
                             images.device)
    clouds = plasma(uniform * 2 - 1, decay)
    low, high = torch.aminmax(clouds.flatten(1), dim=1)
    peak = images.flatten(1).amax(1).to(torch.float32) / 255
    # 0 for a black picture, which stays black.
    share = peak / (peak + amount)
    scale = 255 * amount * share / (high - low)
    # The whole map is normalised, then cropped.
    clouds = clouds[:, :height, :width] - low[:, None, None]
    clouds *= scale[:, None, None]
    return truncate(images * share[:, None, None, None] + clouds[:, None])


def plasma(uniform: torch.Tensor, decay: float) -> torch.Tensor:
    """Make diamond-square fractals on a torus, see :func:`..fog.plasma`.

    Args:
        uniform (torch.Tensor): float32 (B, n^2 - 1), U(-1, 1).
        decay (float): Fall of the amplitude's root per level.

    Returns:
        torch.Tensor: float32 (B, n, n).
    """
    batch, count = uniform.shape
    side = round((count + 1)**0.5)
    corners = uniform.new_zeros(batch, 1, 1)
    start = 0
    for height in amplitudes(side, decay).tolist():
        n = corners.shape[1]
        noise = uniform[:, start:start + 3 * n * n] * height
        start += 3 * n * n
        centre, across, down = noise.view(batch, 3, n, n).unbind(1)
        # Rolled by -1: the neighbour below or to the right, on the torus.
        columns = corners + corners.roll(-1, 1)
        centres = (columns + columns.roll(-1, 2)) * 0.25 + centre
        horizontal = centres.roll(1, 1) + centres + corners
        horizontal = (horizontal + corners.roll(-1, 2)) * 0.25 + across
        vertical = centres.roll(1, 2) + centres
        vertical = (vertical + columns) * 0.25 + down
        upper = torch.stack((corners, horizontal), -1).flatten(2)
        lower = torch.stack((vertical, centres), -1).flatten(2)
        corners = torch.stack((upper, lower), 2).flatten(1, 2)
    return corners
