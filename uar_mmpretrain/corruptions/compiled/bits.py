"""The random numbers of :mod:`..seeding`."""

from __future__ import annotations

import numpy as np

from ..seeding import INCREMENT, MIX_1, MIX_2
from .decorators import kernel


@kernel
def _word(key: np.uint64, index: int) -> np.uint64:
    z = key + np.uint64(index + 1) * INCREMENT
    z = (z ^ (z >> np.uint64(30))) * MIX_1
    z = (z ^ (z >> np.uint64(27))) * MIX_2
    return z ^ (z >> np.uint64(31))


@kernel
def fill_words(key: np.uint64, out: np.ndarray) -> None:
    """Fill ``out`` (uint64) with words 1, 2, .. of a key's stream."""
    for i in range(out.size):
        out[i] = _word(key, i)


@kernel
def fill_uniform(key: np.uint64, low: np.float32, width: np.float32,
                 out: np.ndarray) -> None:
    """Fill ``out`` (float32) with low + width U[0, 1), two per word."""
    for i in range(out.size // 2):
        word = _word(key, i)
        out[2 * i] = np.float32(np.uint32(word) >> np.uint32(8)) * width + low
        out[2 * i + 1] = np.float32(word >> np.uint64(40)) * width + low
    if out.size % 2:
        half = np.uint32(_word(key, out.size // 2))
        out[-1] = np.float32(half >> np.uint32(8)) * width + low


@kernel
def fill_integers(key: np.uint64, low: int, count: int,
                  out: np.ndarray) -> None:
    """Fill ``out`` (int32) with low .. low + count - 1, four per word."""
    for i in range(out.size // 4):
        word = _word(key, i)
        for part in range(4):
            bits = np.int32(np.uint16(word >> np.uint64(16 * part)))
            out[4 * i + part] = ((bits * np.int32(count)) >> 16) + low
    done = out.size // 4 * 4
    word = _word(key, out.size // 4)
    for part in range(out.size - done):
        bits = np.int32(np.uint16(word >> np.uint64(16 * part)))
        out[done + part] = ((bits * np.int32(count)) >> 16) + low


@kernel
def fill_table(key: np.uint64, table: np.ndarray, out: np.ndarray) -> None:
    """Fill ``out`` with entries of a table of 65 536, four per word."""
    for i in range(out.size // 4):
        word = _word(key, i)
        out[4 * i] = table[np.uint16(word)]
        out[4 * i + 1] = table[np.uint16(word >> np.uint64(16))]
        out[4 * i + 2] = table[np.uint16(word >> np.uint64(32))]
        out[4 * i + 3] = table[np.uint16(word >> np.uint64(48))]
    done = out.size // 4 * 4
    word = _word(key, out.size // 4)
    for part in range(out.size - done):
        out[done + part] = table[np.uint16(word >> np.uint64(16 * part))]
