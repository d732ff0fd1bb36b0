"""Relative Mahalanobis distance."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from .gaussian import SharedCovarianceGaussian
from .layer_channel import FeatureDistance, LayerChannel


class RelativeMahalanobis(LayerChannel):
    """Distance to the nearest class minus distance to all classes together.

    Ren et al., arXiv 2106.09022, eq. 2: what is unusual in the same way for
    every class cancels. That suits classes never seen; a corruption is just
    such a common change, so on those expect less than of
    :class:`FeatureDensity`.

    Args:
        layers (Sequence[str]): See :class:`LayerChannel`.
        name (str): Under which the scores are reported.
        shrinkage (str): See :class:`SharedCovarianceGaussian`.
    """

    def __init__(self,
                 layers: Sequence[str],
                 name: str = 'relative_mahalanobis',
                 shrinkage: str = 'ledoit_wolf') -> None:
        super().__init__(layers, name)
        self.shrinkage = shrinkage

    def make_distance(self) -> FeatureDistance:
        """Return an unfitted pair of Gaussians."""
        return _Relative(self.shrinkage)


class _Relative(FeatureDistance):

    def __init__(self, shrinkage: str) -> None:
        super().__init__()
        self.classes = SharedCovarianceGaussian(True, shrinkage)
        self.all = SharedCovarianceGaussian(False, shrinkage)

    def fit(self, features: torch.Tensor,
            labels: torch.Tensor | None) -> None:
        self.classes.fit(features, labels)
        self.all.fit(features, None)

    def distance(self, features: torch.Tensor) -> torch.Tensor:
        return self.classes.distance(features) - self.all.distance(features)
