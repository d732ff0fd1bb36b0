"""Stateless random numbers: a hashed key and a counter-based bit stream.

The key is blake2b (8 bytes, little endian) of
``v1|seed|image id|corruption|severity|repeat``, with ``|stream`` appended
when a corruption needs several streams. Word ``i`` (from 1) is the splitmix64
finaliser of ``key + i * 0x9E3779B97F4A7C15`` modulo 2^64 (Steele, Lea and
Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014). There
is no generator object and no state, so the numbers depend neither on the
worker or process nor on the order of images, and not on how a NumPy release
turns bits into samples. A change of the recipe must change ``KEY_VERSION``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from .backend import kernels

KEY_VERSION = 'v1'

# Of splitmix64.
INCREMENT = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True)
class Key:
    """What a set of random draws depends on, and nothing else.

    Attributes:
        seed (int): The user's seed.
        image_id (str): POSIX path relative to the data root.
        corruption (str): Name of the corruption.
        severity (int): 1 to 5.
        repeat (int): 0 for evaluation; another number for another draw.
    """

    seed: int
    image_id: str
    corruption: str
    severity: int
    repeat: int = 0

    def word(self, stream: int | None = None) -> int:
        """Return the 64-bit key of one stream (None: the only stream)."""
        text = (f'{KEY_VERSION}|{self.seed}|{self.image_id}|'
                f'{self.corruption}|{self.severity}|{self.repeat}')
        if stream is not None:
            text += f'|{stream}'
        digest = hashlib.blake2b(text.encode('utf-8'), digest_size=8).digest()
        return int.from_bytes(digest, 'little')


def random_words(key: int, count: int) -> np.ndarray:
    """Return words 1 to ``count`` of a key's bit stream.

    Args:
        key (int): 64-bit key, see :meth:`Key.word`.
        count (int): How many words.

    Returns:
        np.ndarray: uint64, shape (count, ).
    """
    compiled = kernels()
    if compiled:
        out = np.empty(count, np.uint64)
        compiled.fill_words(np.uint64(key), out)
        return out
    z = _counters(count) + np.uint64(key)
    shifted = z >> np.uint64(30)
    z ^= shifted
    z *= MIX_1
    np.right_shift(z, np.uint64(27), out=shifted)
    z ^= shifted
    z *= MIX_2
    np.right_shift(z, np.uint64(31), out=shifted)
    z ^= shifted
    return z


def random_uint16(key: int, count: int) -> np.ndarray:
    """Return uniform 16-bit integers, four per word, lowest bits first.

    Args:
        key (int): 64-bit key.
        count (int): How many numbers.

    Returns:
        np.ndarray: uint16, shape (count, ).
    """
    words = random_words(key, -(-count // 4))
    return words.astype('<u8', copy=False).view('<u2')[:count]


def random_uniform(key: int,
                   count: int,
                   low: float = 0.0,
                   high: float = 1.0) -> np.ndarray:
    """Return uniforms on [low, high) with 24 bits, two per word.

    Args:
        key (int): 64-bit key.
        count (int): How many numbers.
        low (float): Smallest number.
        high (float): End of the range, excluded.

    Returns:
        np.ndarray: float32, shape (count, ), low plus multiples of
        (high - low) 2^-24.
    """
    start = np.float32(low)
    step = np.float32((high - low) * 2**-24)
    compiled = kernels()
    if compiled:
        out = np.empty(count, np.float32)
        compiled.fill_uniform(np.uint64(key), start, step, out)
        return out
    words = random_words(key, -(-count // 2))
    halves = words.astype('<u8', copy=False).view('<u4')[:count]
    uniform = (halves >> np.uint32(8)).astype(np.float32)
    uniform *= step
    uniform += start
    return uniform


def random_integers(key: int, count: int, low: int, high: int) -> np.ndarray:
    """Return uniform integers low .. high - 1, four per word.

    Args:
        key (int): 64-bit key.
        count (int): How many numbers.
        low (int): Smallest number.
        high (int): End of the range, excluded, at most 32 767 above ``low``:
            the products of 16 random bits and the range stay in 31 bits.

    Returns:
        np.ndarray: int32, shape (count, ).
    """
    compiled = kernels()
    if compiled:
        out = np.empty(count, np.int32)
        compiled.fill_integers(np.uint64(key), low, high - low, out)
        return out
    numbers = random_uint16(key, count).astype(np.int32)
    numbers *= high - low
    numbers >>= 16
    numbers += low
    return numbers


def random_entries(key: int, table: np.ndarray, count: int) -> np.ndarray:
    """Return uniformly drawn entries of a table, four per word.

    Args:
        key (int): 64-bit key.
        table (np.ndarray): Shape (65536, ), the distribution's quantiles.
        count (int): How many entries.

    Returns:
        np.ndarray: Of the table's kind, shape (count, ).
    """
    compiled = kernels()
    if compiled:
        out = np.empty(count, table.dtype)
        compiled.fill_table(np.uint64(key), table, out)
        return out
    # mode='clip' skips the bounds check; a uint16 cannot leave the table.
    return np.take(table, random_uint16(key, count), mode='clip')


def random_normal(key: int, count: int) -> np.ndarray:
    """Return standard normals from the 65 536-entry quantile table.

    The table cuts the tails at 4.3 standard deviations.

    Args:
        key (int): 64-bit key.
        count (int): How many numbers.

    Returns:
        np.ndarray: float32, shape (count, ).
    """
    return random_entries(key, float32_quantiles(), count)


@lru_cache(maxsize=1)
def normal_quantiles() -> np.ndarray:
    """Return Phi^-1((i + 0.5) / 65536) for i = 0 .. 65535.

    Returns:
        np.ndarray: float64, shape (65536, ), read-only.
    """
    # Exactly odd around 1/2, so half of the table is computed.
    quantile = NormalDist().inv_cdf
    lower = np.array([quantile((i + 0.5) / 65536) for i in range(32768)])
    table = np.concatenate([lower, -lower[::-1]])
    table.flags.writeable = False
    return table


@lru_cache(maxsize=1)
def float32_quantiles() -> np.ndarray:
    """Return :func:`normal_quantiles` in float32.

    Returns:
        np.ndarray: float32, shape (65536, ).
    """
    return normal_quantiles().astype(np.float32)


@lru_cache(maxsize=8)
def _counters(count: int) -> np.ndarray:
    """Multiples 1 .. count of the increment; a data set has few sizes."""
    counters = np.arange(1, count + 1, dtype=np.uint64) * INCREMENT
    counters.flags.writeable = False
    return counters
