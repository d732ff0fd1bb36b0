"""Spearman correlations of many scores under many weightings at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix


class WeightedSpearman:
    """All pairwise rank correlations, sorted once for every replicate.

    A replicate of a bootstrap is a weight per image. The centred average
    rank of a group of equal values is ``cumulative - own / 2 - n / 2`` in
    weights, so a replicate costs a cumulative sum instead of a sort. Images
    stand in rows and replicates in columns: every step reads whole rows.

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
        self.members = [_indicator(group) for group in self.groups]

    def __call__(self, weights: np.ndarray) -> np.ndarray:
        """Correlate under every weighting.

        Args:
            weights (np.ndarray): ``(n, b)`` float weights of the images.

        Returns:
            np.ndarray: ``(b, P, P)`` correlations, NaN where a score is
            constant on what is drawn.
        """
        if self.image is not None:
            weights = weights[self.image]
        ranks = [_ranks(member @ weights)[group]
                 for member, group in zip(self.members, self.groups)]
        size = len(ranks)
        products = np.empty((weights.shape[1], size, size))
        weighted = np.empty_like(weights)
        for i, first in enumerate(ranks):
            np.multiply(weights, first, out=weighted)
            for j in range(i, size):
                products[:, i, j] = products[:, j, i] = np.einsum(
                    'rb,rb->b', weighted, ranks[j])
        spread = np.sqrt(np.diagonal(products, axis1=1, axis2=2))
        scale = spread[:, :, None] * spread[:, None, :]
        return np.divide(products, scale, where=scale > 0,
                         out=np.full_like(products, np.nan))


def _indicator(group: np.ndarray) -> csr_matrix:
    """Return the ``(G, R)`` matrix that sums rows by group."""
    rows = np.arange(len(group))
    return csr_matrix((np.ones(len(group)), (group, rows)))


def _ranks(size: np.ndarray) -> np.ndarray:
    """Return centred average ranks of ``(G, b)`` sizes, which are used up."""
    ranks = np.cumsum(size, axis=0)
    # In place: fresh memory of this size costs more than the sums.
    size /= 2
    half = ranks[-1] / 2
    ranks -= size
    ranks -= half
    return ranks
