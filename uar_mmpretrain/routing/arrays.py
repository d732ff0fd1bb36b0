"""Scores as the thresholds need them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch


def as_float64(values: Any) -> np.ndarray:
    """Return a tensor or array as float64; float32 would round thresholds."""
    if isinstance(values, torch.Tensor):
        values = values.detach().cpu().double()
    return np.asarray(values, dtype=np.float64)


def without_nan(name: str, part: Any) -> np.ndarray:
    """Return ``(N,)`` float64 scores.

    Raises:
        ValueError: If one is NaN, which is above no threshold: it would be
            accepted.
    """
    values = as_float64(part)
    bad = np.isnan(values)
    if bad.any():
        raise ValueError(
            f'{name} is NaN for {bad.sum()} of {len(values)} images (first: '
            f'number {bad.argmax()}); expected a number. Check the member '
            'scores.')
    return values
