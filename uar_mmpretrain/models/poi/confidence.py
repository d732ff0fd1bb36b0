"""How far to trust the annotation of an image."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn


class AnnotationConfidence(BaseModule):
    """One linear layer and a sigmoid on the features of a classifier.

    Args:
        in_channels (int): D, width of what the head's ``pre_logits`` returns.
        init_cfg (dict, optional): As in ``BaseModule``.
    """

    def __init__(self, in_channels: int, init_cfg: dict | None = None) -> None:
        super().__init__(init_cfg)
        self.fc = nn.Linear(in_channels, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Return the ``(N,)`` confidences in [0, 1] for ``(N, D)``."""
        return self.fc(features)[:, 0].float().sigmoid()


@torch.no_grad()
def rescale(confidence: Tensor, floor: float = 0.2) -> Tensor:
    """Spread the confidences of a batch over [floor, 1].

    As the attention weights in the code of Ada-DF (Liu et al., ICASSP 2023);
    a batch that is trusted alike gets the floor.

    Args:
        confidence (Tensor): ``(N,)``.
        floor (float): Least share of an annotation in its target.
    """
    low, high = confidence.min(), confidence.max()
    spread = (confidence - low) / (high - low + 1e-12)
    # Rounded above 1 it would give another class a negative share.
    return (floor + (1 - floor) * spread).clamp(max=1)


@torch.no_grad()
def fused_target(confidence: Tensor, annotation: Tensor,
                 objective: Tensor) -> Tensor:
    """Mix annotations with objective distributions: ``c e_y + (1 - c) q``.

    No gradient passes: otherwise a network would lower its loss by trusting
    whichever of the two it predicts already.

    Args:
        confidence (Tensor): c, ``(N,)``.
        annotation (Tensor): y, int64 ``(N,)``.
        objective (Tensor): q, ``(N, C)``.

    Returns:
        Tensor: ``(N, C)``.
    """
    one_hot = nn.functional.one_hot(annotation, objective.shape[1])
    return torch.lerp(objective, one_hot.to(objective), confidence[:, None])
