"""Likelihood of vote counts under a predicted Dirichlet."""

from __future__ import annotations

import torch
from mmpretrain.registry import MODELS

from .per_image_loss import PerImageLoss


@MODELS.register_module()
class DirichletMultinomialLoss(PerImageLoss):
    """Negative log-likelihood of votes, the label distribution integrated out.

    The distribution of a face follows ``Dirichlet(alpha)`` and its N votes
    n are drawn from it (arXiv 2609.17130). With ``S = sum alpha``::

        lnG(N + S) - lnG(S) - ln(N! / prod n_k!)
            - sum_k [lnG(n_k + alpha_k) - lnG(alpha_k)]

    Unlike a divergence from the vote shares it knows how many votes there
    were, and it depends on the scale of alpha, not only on its mean.

    An image without votes costs nothing.

    Args:
        loss_weight (float): Factor of the loss.
    """

    targets = 'votes'
    advice = 'expected one count per class.'

    def per_image(self, cls_score: torch.Tensor,
                  label: torch.Tensor) -> torch.Tensor:
        """Return ``(N,)`` negative log-likelihoods in nats.

        Args:
            cls_score (torch.Tensor): ``(N, C)`` logarithms of alpha.
            label (torch.Tensor): ``(N, C)`` vote counts.
        """
        return dirichlet_multinomial_nll(cls_score, label)


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
