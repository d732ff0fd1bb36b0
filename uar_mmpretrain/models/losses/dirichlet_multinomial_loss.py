"""Likelihood of vote counts under a predicted Dirichlet."""

from __future__ import annotations

from typing import Any

import torch
from mmpretrain.models.losses.utils import weight_reduce_loss
from mmpretrain.registry import MODELS
from torch import nn


@MODELS.register_module()
class DirichletMultinomialLoss(nn.Module):
    """Negative log-likelihood of votes, the label distribution integrated out.

    The distribution of a face follows ``Dirichlet(alpha)`` and its N votes
    n are drawn from it (arXiv 2609.17130). With ``S = sum alpha``::

        lnG(N + S) - lnG(S) - ln(N! / prod n_k!)
            - sum_k [lnG(n_k + alpha_k) - lnG(alpha_k)]

    Unlike a divergence from the vote shares it knows how many votes there
    were, and it depends on the scale of alpha, not only on its mean.

    Args:
        loss_weight (float): Factor of the loss.
    """

    def __init__(self, loss_weight: float = 1.) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self,
                cls_score: torch.Tensor,
                label: torch.Tensor,
                weight: torch.Tensor | None = None,
                avg_factor: Any = None,
                **kwargs: Any) -> torch.Tensor:
        """Return the mean negative log-likelihood in nats.

        Args:
            cls_score (torch.Tensor): ``(N, C)`` logarithms of alpha.
            label (torch.Tensor): ``(N, C)`` vote counts. An image without
                votes costs nothing.
            weight (torch.Tensor, optional): ``(N,)`` sample weights.
            avg_factor (float, optional): What to divide the sum by instead
                of N.

        Raises:
            ValueError: If the counts have another shape than alpha.
        """
        if label.shape != cls_score.shape:
            raise ValueError(
                f'votes of shape {tuple(label.shape)} for concentrations of '
                f'shape {tuple(cls_score.shape)}; expected one count per '
                'class.')
        each = dirichlet_multinomial_nll(cls_score, label)
        return self.loss_weight * weight_reduce_loss(
            each, weight=weight, avg_factor=avg_factor)


def dirichlet_multinomial_nll(log_alpha: torch.Tensor,
                              votes: torch.Tensor) -> torch.Tensor:
    """Negative log-likelihood of each image's votes.

    Args:
        log_alpha (torch.Tensor): ``(N, C)`` logarithms of the
            concentrations.
        votes (torch.Tensor): ``(N, C)`` counts.

    Returns:
        torch.Tensor: ``(N,)`` float32, in nats.
    """
    # In double precision: differences of large and nearly equal numbers.
    alpha, votes = log_alpha.double().exp(), votes.double()
    size, number = alpha.sum(-1), votes.sum(-1)
    orders = (number + 1).lgamma() - (votes + 1).lgamma().sum(-1)
    pairs = (votes + alpha).lgamma() - alpha.lgamma()
    nll = (number + size).lgamma() - size.lgamma() - orders - pairs.sum(-1)
    return nll.float()
