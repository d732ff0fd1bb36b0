"""The random bits of :mod:`..seeding` for a batch, on the device.

Torch has no arithmetic on uint64. Sums and products of int64 are the same
modulo 2^64; only its right shift repeats the sign, which is masked away.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ..seeding import INCREMENT, MIX_1, MIX_2, float32_quantiles
from .tables import look_up, on_device


def random_words(keys: Sequence[int], count: int,
                 device: torch.device) -> torch.Tensor:
    """Return words 1 to ``count`` of every key's bit stream.

    Args:
        keys (Sequence[int]): B 64-bit keys, see :meth:`..seeding.Key.word`.
        count (int): How many words per key.
        device (torch.device): Where to make them.

    Returns:
        torch.Tensor: int64 (B, count) with the bits of
        :func:`..seeding.random_words`.
    """
    start = torch.tensor([_signed(key) for key in keys], device=device)
    z = torch.arange(1, count + 1, device=device) * _signed(INCREMENT)
    z = start[:, None] + z
    z ^= _shift(z, 30)
    z *= _signed(MIX_1)
    z ^= _shift(z, 27)
    z *= _signed(MIX_2)
    z ^= _shift(z, 31)
    return z


def random_uint16(keys: Sequence[int], count: int,
                  device: torch.device) -> torch.Tensor:
    """Return uniform 16-bit integers, four per word, lowest bits first.

    Args:
        keys (Sequence[int]): B 64-bit keys.
        count (int): How many numbers per key.
        device (torch.device): Where to make them.

    Returns:
        torch.Tensor: int32 (B, count), 0 to 65535, equal to
        :func:`..seeding.random_uint16`.
    """
    # Processors that run torch put the lowest bits first.
    quarters = random_words(keys, -(-count // 4), device).view(torch.int16)
    return quarters[:, :count].to(torch.int32) & 0xFFFF


def random_uniform(keys: Sequence[int], count: int,
                   device: torch.device) -> torch.Tensor:
    """Return uniforms on [0, 1) with 24 bits, two per word.

    Args:
        keys (Sequence[int]): B 64-bit keys.
        count (int): How many numbers per key.
        device (torch.device): Where to make them.

    Returns:
        torch.Tensor: float32 (B, count), equal to
        :func:`..seeding.random_uniform`.
    """
    halves = random_words(keys, -(-count // 2), device).view(torch.int32)
    upper = (halves[:, :count] >> 8) & 0xFFFFFF
    return upper.to(torch.float32) * 2**-24


def random_normal(keys: Sequence[int], count: int,
                  device: torch.device) -> torch.Tensor:
    """Return standard normals from the 65 536-entry quantile table.

    Args:
        keys (Sequence[int]): B 64-bit keys.
        count (int): How many numbers per key.
        device (torch.device): Where to make them.

    Returns:
        torch.Tensor: float32 (B, count), equal to
        :func:`..seeding.random_normal`.
    """
    table = on_device(device, float32_quantiles)
    return look_up(table, random_uint16(keys, count, device))


def _signed(word: int | np.uint64) -> int:
    """Return the int64 that has the bits of an unsigned word."""
    return (int(word) ^ (1 << 63)) - (1 << 63)


def _shift(z: torch.Tensor, bits: int) -> torch.Tensor:
    return (z >> bits) & ((1 << (64 - bits)) - 1)
