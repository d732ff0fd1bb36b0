"""One distribution from what several regions see."""

from __future__ import annotations

import torch
from torch import Tensor


def aggregate(logits: Tensor) -> tuple[Tensor, Tensor]:
    """Average the classifiers of an image, the sure ones counting more.

    ``q = sum_r w_r q_r`` with ``w_r`` proportional to ``exp(-H[q_r])``. Our
    reading of "aggregates" in the abstract.

    Args:
        logits (Tensor): ``(N, K, C)`` of K classifiers.

    Returns:
        tuple[Tensor, Tensor]: The objective distributions ``(N, C)`` and the
        weights ``(N, K)``; both sum to 1.
    """
    scores = logits.float().softmax(-1)
    weights = (-torch.special.entr(scores).sum(-1)).softmax(-1)
    return (weights[:, :, None] * scores).sum(1), weights
