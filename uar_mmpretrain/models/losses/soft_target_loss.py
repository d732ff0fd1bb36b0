"""Divergences between a label distribution and a prediction."""

from __future__ import annotations

import math
from typing import Callable

import torch
from mmpretrain.registry import MODELS

from .per_image_loss import PerImageLoss


@MODELS.register_module()
class SoftTargetLoss(PerImageLoss):
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

    advice = ('expected one share per class. Use a data set that gives '
              'gt_score.')

    def __init__(self,
                 divergence: str = 'kl',
                 loss_weight: float = 1.) -> None:
        super().__init__(loss_weight)
        if divergence not in _DIVERGENCES:
            raise ValueError(
                f'divergence is {divergence!r}; expected one of '
                f'{", ".join(_DIVERGENCES)}. Cross-entropy is '
                "mmpretrain's CrossEntropyLoss(use_soft=True).")
        self.divergence = divergence

    def per_image(self, cls_score: torch.Tensor,
                  label: torch.Tensor) -> torch.Tensor:
        """Return ``(N,)`` divergences in nats.

        Args:
            cls_score (torch.Tensor): ``(N, C)`` logits.
            label (torch.Tensor): ``(N, C)`` target shares, rows summing to
                1.
        """
        log_p = cls_score.float().log_softmax(-1)
        return _DIVERGENCES[self.divergence](label.float(), log_p)


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
