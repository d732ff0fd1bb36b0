"""Distance to the k-th nearest training image."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F

from .layer_channel import FeatureDistance, LayerChannel


class NearestNeighbours(LayerChannel):
    """Distance to the k-th nearest neighbour, mean over the members.

    Sun et al., arXiv 2204.06507: Euclidean between features of length 1. No
    shape of the distribution is assumed, but every training feature is kept.

    Args:
        layers (Sequence[str]): See :class:`LayerChannel`.
        name (str): Under which the scores are reported.
        k (int): Which neighbour.

    Raises:
        ValueError: If k is less than 1.
    """

    def __init__(self,
                 layers: Sequence[str],
                 name: str = 'knn',
                 k: int = 20) -> None:
        if k < 1:
            raise ValueError(f'k is {k}; expected at least 1.')
        super().__init__(layers, name)
        self.k = k

    def make_distance(self) -> FeatureDistance:
        """Return an unfitted memory of features."""
        return _KthNeighbour(self.k)


class _KthNeighbour(FeatureDistance):

    bank: torch.Tensor

    def __init__(self, k: int) -> None:
        super().__init__('bank')
        self.k = k

    def fit(self, features: torch.Tensor,
            labels: torch.Tensor | None) -> None:
        if len(features) < self.k:
            raise ValueError(f'k={self.k} neighbours of {len(features)} '
                             'training images; lower k.')
        self.bank = F.normalize(features.float(), dim=1)

    def distance(self, features: torch.Tensor) -> torch.Tensor:
        cosine = F.normalize(features.float(), dim=1) @ self.bank.T
        kth = cosine.topk(self.k, dim=1).values[:, -1]
        # |a - b|^2 = 2 - 2 a'b for vectors of length 1.
        return (2 - 2 * kth).clamp(min=0).sqrt()
