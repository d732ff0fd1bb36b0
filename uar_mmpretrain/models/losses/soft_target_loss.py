"""Divergences between a label distribution and a prediction."""

from __future__ import annotations

import math
from typing import Any, Callable

import torch
from mmpretrain.models.losses.utils import weight_reduce_loss
from mmpretrain.registry import MODELS
from torch import nn


@MODELS.register_module()
class SoftTargetLoss(nn.Module):
    """Divergence of softmax probabilities p from soft targets q.

    - ``'kl'``: ``KL(q || p)``, mmpretrain's
      ``CrossEntropyLoss(use_soft=True)`` less the entropy of the target: the
      same gradient, and 0 for a perfect prediction;
    - ``'js'``: ``(KL(q || m) + KL(p || m)) / 2`` with ``m = (p + q) / 2``
      (Lin, IEEE Trans. Inf. Theory 37, 1991), at most ln 2 for each image,
      so that one image with bad votes cannot dominate.

    It takes the place of any loss of mmpretrain in a head that trains on
    ``gt_score``.

    Args:
        divergence (str): 'kl' or 'js'.
        loss_weight (float): Factor of the loss.

    Raises:
        ValueError: If the divergence is unknown.
    """

    def __init__(self,
                 divergence: str = 'kl',
                 loss_weight: float = 1.) -> None:
        super().__init__()
        if divergence not in _DIVERGENCES:
            raise ValueError(
                f'divergence is {divergence!r}; expected one of '
                f'{", ".join(_DIVERGENCES)}. Cross-entropy is '
                "mmpretrain's CrossEntropyLoss(use_soft=True).")
        self.divergence = divergence
        self.loss_weight = loss_weight

    def forward(self,
                cls_score: torch.Tensor,
                label: torch.Tensor,
                weight: torch.Tensor | None = None,
                avg_factor: Any = None,
                **kwargs: Any) -> torch.Tensor:
        """Return the mean divergence in nats.

        Args:
            cls_score (torch.Tensor): ``(N, C)`` logits.
            label (torch.Tensor): ``(N, C)`` target shares, rows summing to
                1.
            weight (torch.Tensor, optional): ``(N,)`` sample weights.
            avg_factor (float, optional): What to divide the sum by instead
                of N.

        Raises:
            ValueError: If the targets have another shape than the logits.
        """
        if label.shape != cls_score.shape:
            raise ValueError(
                f'targets of shape {tuple(label.shape)} for logits of shape '
                f'{tuple(cls_score.shape)}; expected one share per class. '
                'Use a data set that gives gt_score.')
        log_p = cls_score.float().log_softmax(-1)
        each = _DIVERGENCES[self.divergence](label.float(), log_p)
        return self.loss_weight * weight_reduce_loss(
            each, weight=weight, avg_factor=avg_factor)


def _kl(q: torch.Tensor, log_p: torch.Tensor) -> torch.Tensor:
    return (torch.xlogy(q, q) - q * log_p).sum(-1)


def _js(q: torch.Tensor, log_p: torch.Tensor) -> torch.Tensor:
    # In logarithms: a probability that underflows has a finite slope.
    log_m = torch.logaddexp(log_p, q.log()) - math.log(2)
    to_target = torch.xlogy(q, q) - q * log_m
    to_prediction = log_p.exp() * (log_p - log_m)
    return (to_target + to_prediction).sum(-1) / 2


_DIVERGENCES: dict[str, Callable[[torch.Tensor, torch.Tensor],
                                 torch.Tensor]] = {'kl': _kl, 'js': _js}
