"""Similarity preservation: all branches see the same images as alike."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def similarity_loss(auxiliary: Tensor, main: Tensor) -> Tensor:
    """Squared distance of two similarity structures of the same images.

    ``G = A A^T`` and ``M = F F^T``, the rows of both divided by their
    Euclidean norms; the mean of ``(G - M)^2`` over all pairs (official code
    of She et al., CVPR 2021, arXiv 2104.00232; after Tung & Mori, ICCV 2019).
    Both sides get gradients.

    Args:
        auxiliary (Tensor): ``(N, K)`` logits or features of a branch.
        main (Tensor): ``(N, D)`` features of the main branch.

    Returns:
        Tensor: At least 0; does not depend on the scale of either.
    """
    return F.mse_loss(_similarities(auxiliary), _similarities(main))


def _similarities(features: Tensor) -> Tensor:
    return F.normalize(features @ features.T, dim=1)
