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
def multiply(image: np.ndarray, factors: np.ndarray,
             out: np.ndarray) -> None:
    """Write flat uint8 levels times float32 factors, clipped, to uint8."""
    for i in range(image.size):
        level = np.float32(image[i]) * factors[i]
        out[i] = np.uint8(min(max(level, np.float32(0)), np.float32(255)))


@kernel
def count_photons(image: np.ndarray, quantiles: np.ndarray,
                  table: np.ndarray, bits: int, out: np.ndarray) -> None:
    """Look up each flat uint8 level under the upper bits of its quantile."""
    shift = 16 - bits
    for i in range(image.size):
        out[i] = table[(np.int32(image[i]) << bits) | (quantiles[i] >> shift)]
