"""Random numbers that depend on nothing but (seed, stream, row)."""

from __future__ import annotations

import numpy as np


def uniform(seed: int, stream: int, rows: int, columns: int) -> np.ndarray:
    """Uniform draws in (0, 1); row i is the same whatever ``rows`` is.

    Uses the raw bits of the counter-based Philox generator, whose stream
    numpy promises never to change (NEP 19), keyed by seed and stream.

    Args:
        seed (int): Seed in [0, 2**64).
        stream (int): Number of the stream in [0, 2**64).
        rows (int): Rows, one per item.
        columns (int): Draws per row.

    Returns:
        np.ndarray: float64 (rows, columns).

    Raises:
        ValueError: If the seed is negative or 2**64 and above.
    """
    if not 0 <= seed < 2**64:
        raise ValueError(
            f'The seed must lie in [0, 2**64), but it is {seed}.')
    bits = np.random.Philox(
        key=np.array([seed, stream], np.uint64)).random_raw(rows * columns)
    # Half a step up keeps zero out: its logarithm is taken below.
    draws = ((bits >> np.uint64(12)) + 0.5) * 2.0**-52
    return draws.reshape(rows, columns)


def standard_normal(draws: np.ndarray) -> np.ndarray:
    """Box-Muller transform of uniform draws, pair by pair.

    Args:
        draws (np.ndarray): Uniform draws in (0, 1), (N, D) with even D.

    Returns:
        np.ndarray: Standard normal draws, float64 (N, D).
    """
    radius = np.sqrt(-2 * np.log(draws[:, 0::2]))
    angle = 2 * np.pi * draws[:, 1::2]
    return np.concatenate(
        [radius * np.cos(angle), radius * np.sin(angle)], axis=1)
