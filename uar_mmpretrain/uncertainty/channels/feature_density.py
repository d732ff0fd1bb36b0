"""Feature density: how far an image's features lie from training's."""

from __future__ import annotations

from collections.abc import Sequence

from .gaussian import SharedCovarianceGaussian
from .layer_channel import LayerChannel


class FeatureDensity(LayerChannel):
    """Mahalanobis distance of the features, mean over layers and members.

    Up to constants the negative log density of a Gaussian per layer (DDU,
    Mukhoti et al., arXiv 2102.11582, but with one shared covariance: some
    expressions have fewer images than features have dimensions), per
    dimension, so that layers of any width count the same and the score is
    about 1 in distribution. Corruptions show in early layers; the last ones
    are trained to ignore them.

    Args:
        layers (Sequence[str]): See :class:`LayerChannel`.
        name (str): Under which the scores are reported.
        class_means (bool): One mean per class instead of a single one.
        shrinkage (str): See :class:`SharedCovarianceGaussian`.
    """

    def __init__(self,
                 layers: Sequence[str],
                 name: str = 'density',
                 class_means: bool = False,
                 shrinkage: str = 'ledoit_wolf') -> None:
        super().__init__(layers, name)
        self.class_means = class_means
        self.shrinkage = shrinkage

    def make_distance(self) -> SharedCovarianceGaussian:
        """Return an unfitted Gaussian."""
        return SharedCovarianceGaussian(self.class_means, self.shrinkage)
