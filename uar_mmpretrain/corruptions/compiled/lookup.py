"""Per-value conversions and table look-ups."""

from __future__ import annotations

import numpy as np

from .decorators import kernel


@kernel
def truncate(values: np.ndarray, tie: np.float32, out: np.ndarray) -> None:
    """Write float32 levels plus ``tie`` to uint8; both flat."""
    for i in range(values.size):
        out[i] = np.uint8(values[i] + tie)


@kernel
def count_photons(image: np.ndarray, quantiles: np.ndarray,
                  table: np.ndarray, bits: int, out: np.ndarray) -> None:
    """Look up each flat uint8 level under the upper bits of its quantile."""
    shift = 16 - bits
    for i in range(image.size):
        out[i] = table[(np.int32(image[i]) << bits) | (quantiles[i] >> shift)]


@kernel
def brighten(image: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Look up each level of (N, 3) uint8 under its pixel's maximum."""
    out = np.empty_like(image)
    for i in range(len(image)):
        first, second, third = image[i]
        row = np.int32(max(first, second, third)) << 8
        out[i, 0] = table[row | first]
        out[i, 1] = table[row | second]
        out[i, 2] = table[row | third]
    return out
