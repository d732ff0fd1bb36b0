"""Latent distributions: what an image would be if not what its label says."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def latent_targets(logits: Tensor, labels: Tensor,
                   temperature: float) -> Tensor:
    """Turn the logits of each image's own branch into a target.

    ``u~_k = u_k^(1/T) / sum_j u_j^(1/T)`` with u the softmax of the logits,
    and a 0 put in at the image's class (official code of She et al., CVPR
    2021, arXiv 2104.00232). No gradient passes.

    Args:
        logits (Tensor): ``(N, C - 1)``; row i of branch ``labels[i]``.
        labels (Tensor): ``(N, )`` classes.
        temperature (float): T. Above 1 it flattens, contrary to the name
            'sharpening' that the official code gives its 1.2.

    Returns:
        Tensor: ``(N, C)`` probabilities, 0 at the image's class.
    """
    # Powers of a softmax, normalised, are the softmax of scaled logits.
    scores = (logits.detach() / temperature).softmax(-1)
    others = _other_classes(labels, scores.shape[1] + 1)
    targets = scores.new_zeros(others.shape)
    targets[others] = scores.flatten()
    return targets


def latent_loss(logits: Tensor, targets: Tensor, labels: Tensor) -> Tensor:
    """Squared distance of the prediction from latent targets.

    ``1 / (N C) sum_i sum_{k != y_i} (softmax(z_i)_k - t_ik)^2`` (official
    code). The given class does not count, but the divisor is N times C.

    Args:
        logits (Tensor): ``(N, C)`` of the main branch, without confidence.
        targets (Tensor): ``(N, C)`` from :func:`latent_targets`.
        labels (Tensor): ``(N, )`` classes.

    Returns:
        Tensor: Between 0 and 2 / C.
    """
    others = _other_classes(labels, logits.shape[1])
    return F.mse_loss(logits.softmax(-1) * others, targets)


def _other_classes(labels: Tensor, num_classes: int) -> Tensor:
    """``(N, C)``, false at each image's class."""
    classes = torch.arange(num_classes, device=labels.device)
    return labels[:, None] != classes
