"""Classifiers of one image that learn from each other."""

from __future__ import annotations

from mmpretrain.registry import MODELS
from torch import Tensor, nn


@MODELS.register_module()
class MutualKLLoss(nn.Module):
    """Mean Kullback-Leibler divergence between all pairs of K classifiers.

    ``sum over r != s of KL(sg[q_s] || q_r) / (K (K - 1))``, sg stopping the
    gradient: each is a student of the others (Zhang et al., "Deep mutual
    learning", CVPR 2018). Its value is the expected pairwise KL that
    ``decompose(kind='pairwise_kl')`` averages with the pairs of a member
    with itself.

    Args:
        loss_weight (float): Factor of the loss.
    """

    def __init__(self, loss_weight: float = 1.) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, logits: Tensor) -> Tensor:
        """Return the loss in nats.

        Args:
            logits (Tensor): ``(N, K, C)``, K at least 2.
        """
        num, heads = logits.shape[:2]
        log_q = logits.float().log_softmax(-1)
        teacher = log_q.detach()[:, :, None]
        # A classifier has divergence 0 and no gradient from itself.
        pairs = teacher.exp() * (teacher - log_q[:, None])
        return self.loss_weight * pairs.sum() / (num * heads * (heads - 1))
