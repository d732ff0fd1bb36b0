"""The eight numbers by which random corruptions are compared."""

from __future__ import annotations

import numpy as np

STATISTICS = ('mean R', 'mean G', 'mean B', 'std R', 'std G', 'std B', 'PSNR',
              'Laplacian')


def summarise(image: np.ndarray, clean: np.ndarray) -> np.ndarray:
    """Summarise one corrupted image.

    Args:
        image (np.ndarray): HWC uint8 RGB.
        clean (np.ndarray): The image before, HWC uint8 RGB.

    Returns:
        np.ndarray: Shape (8, ), in the order of :data:`STATISTICS`: levels,
        decibels (at most 68), levels.
    """
    values = image.astype(np.float64)
    error = max(np.mean((values - clean)**2), 0.01)
    grey = values @ (0.299, 0.587, 0.114)
    laplacian = (grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2]
                 + grey[1:-1, 2:] - 4 * grey[1:-1, 1:-1])
    return np.concatenate([
        values.mean(axis=(0, 1)),
        values.std(axis=(0, 1)),
        [10 * np.log10(255**2 / error), np.abs(laplacian).mean()]
    ])
