"""Noise corruptions: equal to the NumPy version in every bit."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ..noise import (
    SHOT_BITS,
    gaussian_table,
    impulse_table,
    shot_table,
    speckle_table,
)
from ..seeding import Key
from .bits import random_uint16
from .registry import register
from .tables import look_up, on_device


def _bits(images: torch.Tensor, keys: Sequence[Key]) -> torch.Tensor:
    """16 bits per value, drawn in the order of an HWC image."""
    batch, channels, height, width = images.shape
    bits = random_uint16([key.word() for key in keys],
                         height * width * channels, images.device)
    return bits.view(batch, height, width, channels).permute(0, 3, 1, 2)


def _add(images: torch.Tensor, table: torch.Tensor,
         keys: Sequence[Key]) -> torch.Tensor:
    """Add one of the table's grey levels to each value, saturating."""
    noise = look_up(table, _bits(images, keys))
    return noise.add_(images).clamp_(0, 255).to(torch.uint8)


@register('gaussian_noise')
def gaussian_noise(images: torch.Tensor, params: float,
                   keys: Sequence[Key]) -> torch.Tensor:
    """Add Gaussian noise, see :func:`..noise.gaussian_noise`.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8 BGR.
        params (float): Standard deviation on the scale 0..1.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    table = on_device(images.device, gaussian_table, params)
    return _add(images, table, keys)


@register('impulse_noise')
def impulse_noise(images: torch.Tensor, params: float,
                  keys: Sequence[Key]) -> torch.Tensor:
    """Turn a share of the values black or white.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8 BGR.
        params (float): The share.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    table = on_device(images.device, impulse_table, params)
    return _add(images, table, keys)


@register('speckle_noise')
def speckle_noise(images: torch.Tensor, params: float,
                  keys: Sequence[Key]) -> torch.Tensor:
    """Multiply with noise, see :func:`..noise.speckle_noise`.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8 BGR.
        params (float): Standard deviation of the factor.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    table = on_device(images.device, speckle_table, params)
    noisy = look_up(table, _bits(images, keys)).mul_(images)
    return noisy.clamp_(0, 255).to(torch.uint8)


@register('shot_noise')
def shot_noise(images: torch.Tensor, params: float,
               keys: Sequence[Key]) -> torch.Tensor:
    """Count photons, see :func:`..noise.shot_noise`.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8 BGR.
        params (float): Photons at full brightness.
        keys (Sequence[Key]): One per image.

    Returns:
        torch.Tensor: uint8 of the same shape.
    """
    index = images.to(torch.int32) << SHOT_BITS
    index |= _bits(images, keys) >> (16 - SHOT_BITS)
    return look_up(on_device(images.device, shot_table, params), index)
