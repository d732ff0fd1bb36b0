"""Weather corruptions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ..seeding import Key
from ..weather import (
    FrostParams,
    SnowParams,
    brightness_table,
    draw_frost,
    draw_snow,
    frost_texture,
)
from .filters import enlarge, motion, truncate
from .registry import register
from .tables import look_up, on_device

# B, G, R
_LUMA = (0.114, 0.587, 0.299)


@register('snow')
def snow(images: torch.Tensor, params: SnowParams,
         keys: Sequence[Key]) -> torch.Tensor:
    """Whiten the picture and let flakes fly over it, truncated.

    See :func:`..weather.snow`. The flakes are few before they are enlarged,
    so NumPy draws them.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8 BGR.
        params (tuple): As the NumPy version takes them.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    _, _, zoom, threshold, radius, sigma, kept = params
    height, width = images.shape[2:]
    draws = [draw_snow(key, (height, width, 3), params) for key in keys]
    flakes = np.stack([field for field, _ in draws])
    angles = [angle for _, angle in draws]
    layer = torch.from_numpy(flakes)[:, None].to(images.device)
    rows, columns = layer.shape[2:]
    layer = enlarge(layer, (round(rows * zoom), round(columns * zoom)))
    layer = layer.where(layer >= threshold, 0).clamp_(max=1)
    # Blurred whole, then cropped, so that no border is repeated too early.
    layer = motion(layer, radius, sigma, angles)[..., :height, :width]
    layer = (layer * 255).round_()
    levels = images.to(torch.float32)
    blue, green, red = (
        levels[:, i:i + 1] * weight for i, weight in enumerate(_LUMA))
    white = 1.5 * (blue + green + red) + 127.5
    whitened = levels * kept + torch.maximum(levels, white) * (1 - kept)
    return truncate(whitened + (layer + layer.flip(2, 3)))


@register('frost')
def frost(images: torch.Tensor, params: FrostParams,
          keys: Sequence[Key]) -> torch.Tensor:
    """Lay a frosted pane over the picture: clip(a x + b F), truncated.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8 BGR.
        params (tuple): As the NumPy version takes them.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    share, amount = params[:2]
    height, width = images.shape[2:]
    shape = height, width, 3
    panes = []
    for key in keys:
        index, row, column = draw_frost(key, shape, params)
        texture = on_device(images.device, frost_texture, index, shape, params)
        panes.append(texture[row:row + height, column:column + width])
    panes_first = torch.stack(panes).permute(0, 3, 1, 2)
    return truncate(images * share + panes_first * amount)


@register('brightness')
def brightness(images: torch.Tensor, params: float,
               keys: Sequence[Key]) -> torch.Tensor:
    """Add a constant to the HSV value, see :func:`..weather.brightness`.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8.
        params (float): The constant on the scale 0..1.
        keys (Sequence[Key]): Not random.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    value = images.amax(1, keepdim=True).to(torch.int32)
    table = on_device(images.device, brightness_table, params)
    return look_up(table, (value << 8) | images)
