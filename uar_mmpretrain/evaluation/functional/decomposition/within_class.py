"""Rank correlation among the faces a model takes for the same class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from ..statistics.estimate import Estimate
from ..statistics.resampling import bootstrap
from ..statistics.weighted_spearman import WeightedSpearman

_MIN_IMAGES = 10


@dataclass(frozen=True, eq=False)
class WithinClass:
    """Spearman correlations within classes.

    Args:
        mean (Estimate): Mean over the classes, weighted by their images.
        by_class (dict[int, Estimate]): One per class that has enough images.
        num_images (dict[int, int]): Images of these classes.
    """

    mean: Estimate
    by_class: dict[int, Estimate]
    num_images: dict[int, int]


def within_class_spearman(first: np.ndarray,
                          second: np.ndarray,
                          label: np.ndarray,
                          num_resamples: int = 10_000,
                          seed: int = 0) -> WithinClass:
    """Correlate two scores by rank within each class.

    Happy faces are easy and sad ones are not, for people and models alike:
    part of a correlation over all faces is that of the classes. What is left
    within a class is about the face.

    Args:
        first (np.ndarray): ``(N,)`` scores.
        second (np.ndarray): ``(N,)`` scores.
        label (np.ndarray): ``(N,)`` class of each image, e.g. the predicted.
        num_resamples (int): Bootstrap replicates over all images.
        seed (int): Seed of the bootstrap.

    Returns:
        WithinClass: Classes with fewer than 10 images, or in which a score
        is constant, are left out.

    Raises:
        ValueError: If no class is left.
    """
    found = _classes(first, second, label)
    if not found:
        raise ValueError(f'no class has {_MIN_IMAGES} images that differ in '
                         'both scores; correlations within classes need one')
    statistic = _Within(first, second, list(found.values()))
    replicates = bootstrap({'rho': statistic}, len(first), num_resamples,
                           seed)['rho']
    rho = [float(spearmanr(first[rows], second[rows]).statistic)
           for rows in found.values()]
    sizes = [len(rows) for rows in found.values()]
    return WithinClass(
        Estimate(float(np.average(rho, weights=sizes)), replicates[:, -1]),
        {name: Estimate(rho[k], replicates[:, k])
         for k, name in enumerate(found)},
        dict(zip(found, sizes)))


def _classes(first: np.ndarray, second: np.ndarray,
             label: np.ndarray) -> dict[int, np.ndarray]:
    """Return the rows of each class that can be correlated."""
    rows = {int(name): np.flatnonzero(label == name)
            for name in np.unique(label)}
    return {name: found for name, found in rows.items()
            if len(found) >= _MIN_IMAGES
            and np.ptp(first[found]) > 0 and np.ptp(second[found]) > 0}


class _Within:
    """Correlations of K classes and their mean, for weights of images."""

    def __init__(self, first: np.ndarray, second: np.ndarray,
                 classes: Sequence[np.ndarray]) -> None:
        self.classes = classes
        self.parts = [WeightedSpearman([first[rows], second[rows]], rows)
                      for rows in classes]

    def __call__(self, weights: np.ndarray) -> np.ndarray:
        """Return ``(b, K + 1)``, the mean in the last column."""
        rho = np.stack([part(weights)[:, 0, 1] for part in self.parts], 1)
        size = np.stack([weights[rows].sum(0) for rows in self.classes], 1)
        # A draw in which a class is constant leaves it out.
        size[np.isnan(rho)] = 0
        total = size.sum(1)
        mean = np.divide((size * np.nan_to_num(rho)).sum(1), total,
                         out=np.full_like(total, np.nan), where=total > 0)
        return np.concatenate([rho, mean[:, None]], axis=1)
