"""What the losses on distributions share."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import torch
from mmpretrain.models.losses.utils import weight_reduce_loss
from torch import nn


class PerImageLoss(nn.Module):
    """A loss of each image's target, one number per class.

    Attributes:
        targets (str): What the targets are, for messages.
        advice (str): What to do where they do not fit.

    Args:
        loss_weight (float): Factor of the loss.
    """

    targets = 'targets'
    advice = ''

    def __init__(self, loss_weight: float = 1.) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    @abstractmethod
    def per_image(self, cls_score: torch.Tensor,
                  label: torch.Tensor) -> torch.Tensor:
        """Return ``(N,)`` losses in nats."""

    def forward(self,
                cls_score: torch.Tensor,
                label: torch.Tensor,
                weight: torch.Tensor | None = None,
                avg_factor: Any = None,
                **kwargs: Any) -> torch.Tensor:
        """Return the mean over the images, in nats.

        Args:
            cls_score (torch.Tensor): ``(N, C)`` output of the head.
            label (torch.Tensor): ``(N, C)`` targets.
            weight (torch.Tensor, optional): ``(N,)`` sample weights.
            avg_factor (float, optional): What to divide the sum by instead
                of N.

        Raises:
            ValueError: If the targets have another shape than the output.
        """
        if label.shape != cls_score.shape:
            raise ValueError(
                f'{self.targets} of shape {tuple(label.shape)} for an output '
                f'of shape {tuple(cls_score.shape)}; {self.advice}')
        return self.loss_weight * weight_reduce_loss(
            self.per_image(cls_score, label),
            weight=weight,
            avg_factor=avg_factor)
