"""Gaussian classes with one shared, shrunk covariance."""

from __future__ import annotations

import numpy as np
import torch
from sklearn.covariance import OAS, LedoitWolf

from .layer_channel import FeatureDistance

_SHRINKAGE = {'ledoit_wolf': LedoitWolf, 'oas': OAS}
# Of the largest eigenvalue: what rounding in float32 leaves meaningful.
_FLOOR = 1e-7


class SharedCovarianceGaussian(FeatureDistance):
    """Squared Mahalanobis distance to the nearest class mean.

    ``min_k (f - mu_k)' Sigma^-1 (f - mu_k) / D`` (Lee et al., arXiv
    1807.03888, eq. 2, with the sign turned and divided by the dimension D,
    so that it is about 1 on the data it was fitted on). Features are
    standardised first: the shrinkage pulls towards a multiple of the
    identity, which means nothing for features of different units.

    Args:
        class_means (bool): One mean per class; else a single one.
        shrinkage (str): 'ledoit_wolf' or 'oas', both of scikit-learn; keeps
            the covariance invertible with fewer images than dimensions.

    Raises:
        ValueError: If the shrinkage is unknown.
    """

    location: torch.Tensor
    whitening: torch.Tensor
    means: torch.Tensor

    def __init__(self,
                 class_means: bool = False,
                 shrinkage: str = 'ledoit_wolf') -> None:
        if shrinkage not in _SHRINKAGE:
            raise ValueError(f'shrinkage is {shrinkage!r}; expected one of '
                             f'{", ".join(_SHRINKAGE)}.')
        super().__init__('location', 'whitening', 'means')
        self.class_means = class_means
        self.shrinkage = shrinkage

    def fit(self,
            features: torch.Tensor,
            labels: torch.Tensor | None = None) -> None:
        """Fit mean(s) and covariance.

        Args:
            features (torch.Tensor): ``(N, D)`` float, N >= 2.
            labels (torch.Tensor | None): ``(N,)`` classes, for class means;
                a class without images is left out.

        Raises:
            ValueError: If there are fewer than two images, a feature is not
                finite, or class means lack labels.
        """
        x = features.detach().cpu().double().numpy()
        if len(x) < 2 or not np.isfinite(x).all():
            raise ValueError(
                f'features of shape {x.shape}, {(~np.isfinite(x)).sum()} of '
                'them not finite; expected at least two images and finite '
                'values.')
        if self.class_means and labels is None:
            raise ValueError('class means need labels, but the training '
                             'images carry no gt_label.')
        location, scale = x.mean(0), x.std(0)
        # A feature that never varies is left in its own unit.
        scale[scale <= 1e-9 * (1 + np.abs(location))] = 1
        z = (x - location) / scale
        groups = np.zeros(len(z), int)
        if self.class_means and labels is not None:
            groups = np.unique(labels.cpu().numpy(), return_inverse=True)[1]
        means = np.stack([z[groups == k].mean(0)
                          for k in range(groups.max() + 1)])
        covariance = _SHRINKAGE[self.shrinkage](assume_centered=True).fit(
            z - means[groups]).covariance_
        values, vectors = np.linalg.eigh(covariance)
        values = np.maximum(values, _FLOOR * max(values[-1], 1e-12))
        root = vectors / np.sqrt(values)
        self.location = _tensor(location)
        self.whitening = _tensor(root / scale[:, None])
        self.means = _tensor(means @ root)

    def distance(self, features: torch.Tensor) -> torch.Tensor:
        """Return ``(N,)`` squared distances per dimension."""
        z = (features.float() - self.location) @ self.whitening
        squared = (z[:, None] - self.means).square().mean(-1)
        return squared.min(1).values


def _tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array.astype(np.float32))
