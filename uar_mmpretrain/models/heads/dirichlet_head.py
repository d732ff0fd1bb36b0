"""One network that predicts a Dirichlet over label distributions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

from ..channels import set_channels
from ..member_scores import set_member_scores
from ..nonfinite import to_scores
from .ensemble_cls_head import EnsembleClsHead
from .stack_targets import stack_targets

# exp(300) and its inverse are far from the ends of double precision.
_LARGEST_LOG = 300


@MODELS.register_module()
class DirichletHead(EnsembleClsHead):
    """Concentrations of a Dirichlet, trained on vote counts.

    ``alpha = softplus(W f + b) + 1`` (arXiv 2609.17130), or
    ``alpha = exp(W f + b)`` (prior networks, Malinin & Gales, arXiv
    1802.10501), ``S = sum alpha``, prediction ``p = alpha / S``. The head's
    logits are ``ln alpha``, so that a softmax over them is p wherever an
    ordinary head could stand.

    A prediction gets the Dirichlet's own ``total``, ``aleatoric`` and
    ``epistemic`` in nats, see :func:`dirichlet_parts`. Its one member score
    is p: the results of a test, which decompose member scores, know p
    alone. The parts of the Dirichlet that they cannot see are therefore
    handed on exactly, as the channels ``dirichlet_epistemic``,
    ``dirichlet_aleatoric`` and ``vacuity`` (``C / S``); samples of the
    Dirichlet would give the same parts with sampling noise.

    Args:
        num_classes (int): C.
        in_channels (int): As in :class:`EnsembleClsHead`.
        loss (dict, optional): A loss on ``ln alpha`` and votes.
        link (str): 'softplus' or 'exp'. Without pretrained weights take
            'exp': with 'softplus' an ignorant network cannot say that votes
            rarely spread evenly (alpha < 1) and drives all evidence, and
            with it the gradient, to 0.
        **kwargs: As in :class:`EnsembleClsHead`, without ``num_members``.

    Raises:
        ValueError: If ``link`` is unknown, or more than one member is asked
            for.
    """

    def __init__(self,
                 num_classes: int,
                 in_channels: int,
                 loss: dict | None = None,
                 link: str = 'softplus',
                 **kwargs: Any) -> None:
        super().__init__(
            num_classes,
            in_channels,
            loss=loss or dict(type='DirichletMultinomialLoss'),
            **kwargs)
        if self.num_members != 1:
            raise ValueError(f'num_members={self.num_members}; one Dirichlet '
                             'has one member. Use EnsembleClsHead, or an '
                             'ensemble of such networks.')
        if link not in ('softplus', 'exp'):
            raise ValueError(f"link={link!r}; expected 'softplus' or 'exp'.")
        self.link = link

    def forward(self, feats: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return ``(N, 1, C)`` logarithms of the concentrations."""
        # float32: half precision has no concentrations above a few digits.
        outputs = super().forward(feats).float()
        return outputs if self.link == 'exp' else F.softplus(outputs).log1p()

    def _targets(self, data_samples: list[DataSample]) -> torch.Tensor:
        return stack_targets(
            data_samples, 'gt_votes', 'votes', self.num_classes,
            'The Dirichlet head counts votes: use a data set that has them, '
            'packed with PackFERInputs, or an EnsembleClsHead.')

    def _get_predictions(
            self, cls_score: torch.Tensor,
            data_samples: list[DataSample] | None) -> list[DataSample]:
        """Write p and the Dirichlet's own decomposition."""
        samples = set_member_scores(data_samples, to_scores(cls_score))
        alpha = _concentrations(cls_score[:, 0].detach())
        total, aleatoric, epistemic = dirichlet_parts(alpha)
        vacuity = alpha.shape[1] / alpha.sum(-1)
        for i, sample in enumerate(samples):
            sample.set_field(float(total[i]), 'total')
            sample.set_field(float(aleatoric[i]), 'aleatoric')
            sample.set_field(float(epistemic[i]), 'epistemic')
        set_channels(samples, dict(dirichlet_epistemic=epistemic,
                                   dirichlet_aleatoric=aleatoric,
                                   vacuity=vacuity))
        return samples


def _concentrations(log_alpha: torch.Tensor) -> torch.Tensor:
    """Return ``(N, C)`` alpha in double precision, never 0 / 0 or infinite.

    What is that large or small is moved, all classes together: p stays, and
    a Dirichlet is one point, or one class, long before.
    """
    log_alpha = log_alpha.double()
    largest = log_alpha.amax(-1, keepdim=True)
    moved = largest.clamp(-_LARGEST_LOG, _LARGEST_LOG) - largest
    return (log_alpha + moved).exp()


def dirichlet_parts(
        alpha: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Decompose the uncertainty of a Dirichlet, in closed form.

    With ``p = alpha / S``: total ``H[p]``, aleatoric the expected entropy
    ``-sum_k p_k (psi(alpha_k + 1) - psi(S + 1))``, epistemic the mutual
    information, their difference (Malinin & Gales, arXiv 1802.10501).

    Args:
        alpha (torch.Tensor): ``(N, C)`` concentrations above 0.

    Returns:
        tuple: total, aleatoric and epistemic, ``(N,)`` each, in nats and
        double precision.
    """
    alpha = alpha.double()
    size = alpha.sum(-1, keepdim=True)
    p = alpha / size
    total = torch.special.entr(p).sum(-1)
    aleatoric = -(p * (torch.digamma(alpha + 1)
                       - torch.digamma(size + 1))).sum(-1)
    return total, aleatoric, total - aleatoric
