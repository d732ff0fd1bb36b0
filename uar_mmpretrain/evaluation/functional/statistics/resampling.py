"""Bootstrap over images: how often each image is drawn, and intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Callable, NamedTuple

import numpy as np

# Elements of one chunk of counts: large enough to vectorise, small enough
# for the processor's cache.
_CHUNK_ELEMENTS = 1_000_000


# From weights (n, b) of the images, one replicate per column, to (b, ...).
Statistic = Callable[[np.ndarray], np.ndarray]


class Interval(NamedTuple):
    """A two-sided interval, NaN where it could not be computed."""

    low: float
    high: float


def resample_counts(num_images: int,
                    num_resamples: int,
                    seed: int | Sequence[int],
                    rows_per_image: int = 1) -> Iterator[np.ndarray]:
    """Draw bootstrap replicates, image by image with replacement.

    Counts instead of indices: everything that belongs to an image (its clean
    row and its corrupted copies) gets the same weight, and scores need to be
    sorted only once.

    Args:
        num_images (int): Number n of images.
        num_resamples (int): Number of replicates in all.
        seed (int | Sequence[int]): Seed of the draws; the chunk size does
            not change them.
        rows_per_image (int): Rows the caller expands each count to, to keep
            its memory bounded.

    Yields:
        np.ndarray: ``(b, n)`` int32, each row summing to n.

    Raises:
        ValueError: If there is no image or no replicate to draw.
    """
    for counts in _draw(num_images, num_resamples, seed, rows_per_image):
        yield np.ascontiguousarray(counts.T, dtype=np.int32)


def bootstrap(statistics: Mapping[str, Statistic],
              num_images: int,
              num_resamples: int,
              seed: int | Sequence[int],
              rows_per_image: int = 8) -> dict[str, np.ndarray]:
    """Evaluate statistics on the same drawn images.

    Args:
        statistics (Mapping[str, Statistic]): Functions of ``(n, b)`` float64
            weights of the images, one replicate per column, that return
            ``(b, ...)`` values.
        num_images (int): Number n of images.
        num_resamples (int): Number B of replicates.
        seed (int | Sequence[int]): Seed of the draws. Results of two calls
            with the same images, replicates and seed are paired.
        rows_per_image (int): As in :func:`resample_counts`; statistics keep
            several arrays of the size of their weights.

    Returns:
        dict[str, np.ndarray]: ``(B, ...)`` replicates by name.
    """
    chunks: dict[str, list[np.ndarray]] = {name: [] for name in statistics}
    for weights in _draw(num_images, num_resamples, seed, rows_per_image):
        for name, statistic in statistics.items():
            chunks[name].append(statistic(weights))
    return {name: np.concatenate(parts) for name, parts in chunks.items()}


def _draw(num_images: int, num_resamples: int, seed: int | Sequence[int],
          rows_per_image: int) -> Iterator[np.ndarray]:
    """Yield float64 counts ``(n, b)``, the same whatever the chunks."""
    if num_images < 1 or num_resamples < 1:
        raise ValueError(
            f'cannot draw {num_resamples} replicates of {num_images} images; '
            'expected at least one of each.')
    rng = np.random.default_rng(seed)
    width = num_images * max(rows_per_image, 1)
    chunk = max(1, _CHUNK_ELEMENTS // width)
    for start in range(0, num_resamples, chunk):
        size = min(chunk, num_resamples - start)
        counts = np.empty((num_images, size))
        drawn = rng.integers(0, num_images, size=(size, num_images))
        for column, images in enumerate(drawn):
            counts[:, column] = np.bincount(images, minlength=num_images)
        yield counts


def percentile_interval(replicates: np.ndarray,
                        level: float = 0.95) -> Interval:
    """Percentile bootstrap interval (Efron and Tibshirani 1993, ch. 13).

    Args:
        replicates (np.ndarray): ``(B,)`` values; NaN ones are left out.
        level (float): Coverage, in (0, 1).

    Returns:
        Interval: The central ``level`` share of the replicates.
    """
    valid = replicates[~np.isnan(replicates)]
    if len(valid) == 0:
        return Interval(float('nan'), float('nan'))
    tail = (1 - level) / 2
    low, high = np.quantile(valid, [tail, 1 - tail])
    return Interval(float(low), float(high))
