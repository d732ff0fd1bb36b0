"""Glass blur: pixels shuffled within a small window between two blurs."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ..seeding import Key
from .bits import random_uint16
from .filters import gaussian, truncate
from .registry import register


@register('glass_blur')
def glass_blur(images: torch.Tensor, params: tuple[float, int, int],
               keys: Sequence[Key]) -> torch.Tensor:
    """Blur, let every pixel take the value of a near one, blur again.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (tuple[float, int, int]): Sigma in pixels, furthest
            displacement in pixels, iterations.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    sigma, reach, iterations = params
    height, width = images.shape[2:]
    pixels = truncate(gaussian(images, sigma)).flatten(2)
    for stream in range(iterations):
        words = [key.word(stream) for key in keys]
        index = sources(words, reach, height, width, images.device)
        pixels = pixels.gather(2, index[:, None].expand_as(pixels))
    return truncate(gaussian(pixels.view(images.shape), sigma))


def sources(words: Sequence[int], reach: int, height: int, width: int,
            device: torch.device) -> torch.Tensor:
    """Where every pixel's value comes from, after one iteration.

    See :func:`..glass.sources`; here all chains are followed at once.

    Args:
        words (Sequence[int]): B 64-bit keys.
        reach (int): Furthest displacement in pixels.
        height (int): Of the images, in pixels.
        width (int): Of the images, in pixels.
        device (torch.device): Where to work.

    Returns:
        torch.Tensor: int64 (B, H W), flat positions.
    """
    rows, columns = max(height - 2 * reach, 0), max(width - 2 * reach, 0)
    bits = random_uint16(words, 2 * rows * columns, device).to(torch.int64)
    moves = ((bits * (2 * reach)) >> 16) - reach
    # Visiting order is descending.
    dx, dy = moves.view(len(words), rows, columns, 2).flip(1, 2).unbind(-1)
    grid = torch.arange(height * width, device=device).view(height, width)
    region = (slice(reach + 1, reach + 1 + rows),
              slice(reach + 1, reach + 1 + columns))
    visited = grid[region]
    target = visited + dy * width + dx
    inside = torch.zeros_like(grid, dtype=torch.bool)
    inside[region] = True
    # Nodes 0 .. HW - 1: what a pixel received; HW ..: what it held before.
    before = height * width
    follow = inside.view(-1)[target] & (target > visited)
    chain = (grid + before).repeat(len(words), 1, 1)
    chain[:, region[0], region[1]] = torch.where(follow, target,
                                                 target + before)
    chain = chain.view(len(words), before)
    while (pending := chain < before).any():
        chain = torch.where(pending, chain.gather(1, chain % before), chain)
    return chain - before
