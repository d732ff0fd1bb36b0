"""Pairwise uncertainty estimation: how far to trust a training label."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def class_similarities(features: Tensor, labels: Tensor,
                       num_classes: int) -> Tensor:
    """Compare each image with the classes of its batch.

    ``v_ik = mean_{j: y_j = k} cos(f_i, f_j)``, itself included, and each row
    stretched to [0, 1] (official code of She et al., CVPR 2021, arXiv
    2104.00232). The 1e-12 for rows of equal entries is ours.

    Args:
        features (Tensor): ``(N, D)``.
        labels (Tensor): ``(N, )`` classes; each of the C must be there.
        num_classes (int): C.

    Returns:
        Tensor: ``(N, C)``.
    """
    unit = F.normalize(features, dim=1)
    members = F.one_hot(labels, num_classes).to(unit.dtype)
    similarities = unit @ unit.T @ (members / members.sum(0))
    lowest = similarities.amin(1, keepdim=True)
    spread = similarities.amax(1, keepdim=True) - lowest
    return (similarities - lowest) / (spread + 1e-12)


def confident_loss(logits: Tensor, confidence: Tensor,
                   labels: Tensor) -> Tensor:
    """Cross-entropy of logits that doubt flattens: ``mean CE(r_i z_i, y_i)``.

    Args:
        logits (Tensor): ``(N, C)``.
        confidence (Tensor): ``(N, )`` in (0, 1).
        labels (Tensor): ``(N, )`` classes.

    Returns:
        Tensor: In nats.
    """
    return F.cross_entropy(confidence[:, None] * logits, labels)


class PairwiseConfidence(nn.Module):
    """Confidence in the labels of a batch.

    ``r_i = sigmoid(W2 PReLU(W1 [v_i; onehot(y_i)]))`` (official code). It
    needs the label, so there is none for a test image: no uncertainty score.

    Args:
        num_classes (int): C.
    """

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.num_classes = num_classes
        self.layers = nn.Sequential(
            nn.Linear(2 * num_classes, num_classes), nn.PReLU(),
            nn.Linear(num_classes, 1), nn.Sigmoid())

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """Return ``(N, )`` confidences for ``(N, D)`` features."""
        one_hot = F.one_hot(labels, self.num_classes).to(features.dtype)
        similarities = class_similarities(features, labels, self.num_classes)
        return self.layers(torch.cat([similarities, one_hot], 1)).squeeze(1)
