"""Spearman correlations of many scores under many weightings at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Callable

import numpy as np
from scipy.sparse import csr_matrix


class WeightedSpearman:
    """All pairwise rank correlations, sorted once for every replicate.

    A replicate of a bootstrap is a weight per image. The centred average
    rank of a group of equal values is ``cumulative - own / 2 - n / 2`` in
    weights, so a replicate costs a cumulative sum instead of a sort. Images
    stand in rows and replicates in columns: every step reads whole rows. The
    sum of squares of all ranks is ``(n^3 - sum t^3) / 12`` with the sizes t
    of tied groups (Kendall, Biometrika 33, 1945).

    Args:
        scores (Sequence[np.ndarray]): P arrays ``(R,)``.
        image (np.ndarray | None): ``(R,)`` index of each row's image, whose
            weight it gets; by default row i is image i.
    """

    def __init__(self,
                 scores: Sequence[np.ndarray],
                 image: np.ndarray | None = None) -> None:
        self.image = image
        self.groups = [np.unique(score, return_inverse=True)[1]
                       for score in scores]
        self.sums = [_group_sums(group) for group in self.groups]

    def __call__(self, weights: np.ndarray) -> np.ndarray:
        """Correlate under every weighting.

        Args:
            weights (np.ndarray): ``(n, b)`` float64 whole weights of the
                images.

        Returns:
            np.ndarray: ``(b, P, P)`` correlations, NaN where a score is
            constant on what is drawn.
        """
        if self.image is not None:
            weights = weights.take(self.image, axis=0)
        number = len(self.groups)
        products = np.empty((weights.shape[1], number, number))
        ranks = []
        for i, (sums, group) in enumerate(zip(self.sums, self.groups)):
            distinct, products[:, i, i] = _doubled_ranks(sums(weights))
            ranks.append(distinct.take(group, axis=0))
        weighted = np.empty_like(weights)
        for i, first in enumerate(ranks[:-1]):
            np.multiply(weights, first, out=weighted)
            for j in range(i + 1, len(ranks)):
                products[:, i, j] = products[:, j, i] = np.einsum(
                    'rb,rb->b', weighted, ranks[j])
        spread = np.sqrt(np.diagonal(products, axis1=1, axis2=2))
        scale = spread[:, :, None] * spread[:, None, :]
        return np.divide(products, scale, where=scale > 0,
                         out=np.full_like(products, np.nan))


def _group_sums(group: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return what sums ``(R, b)`` weights by group, ``(G, b)``."""
    rows = np.arange(len(group))
    if group.max() + 1 == len(group):
        # Without ties it is enough to sort.
        return partial(np.take, indices=np.argsort(group), axis=0)
    return csr_matrix((np.ones(len(group)), (group, rows))).dot


def _doubled_ranks(size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return twice the centred average ranks, and their sum of squares.

    Args:
        size (np.ndarray): ``(G, b)`` weights of the groups, whole numbers.

    Returns:
        tuple[np.ndarray, np.ndarray]: ``(G, b)`` and ``(b,)``.
    """
    # Integers are summed up faster than floats, and in place is faster than
    # in fresh memory.
    whole = size.astype(np.int32)
    ranks = np.cumsum(whole, axis=0, dtype=np.int32)
    total = ranks[-1].copy()
    ranks *= 2
    ranks -= whole
    ranks -= total
    number = total.astype(np.float64)
    ties = np.einsum('gb,gb,gb->b', size, size, size)
    return ranks.astype(np.float64), (number * number * number - ties) / 3
