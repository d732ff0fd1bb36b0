"""Keeping trusted and doubted annotations apart."""

from __future__ import annotations

from mmpretrain.registry import MODELS
from torch import Tensor, nn


@MODELS.register_module()
class RankMarginLoss(nn.Module):
    """Hinge on the mean confidence of a batch's two groups.

    ``max(0, margin - (mean of the most trusted share - mean of the rest))``,
    the rank regularisation of Self-Cure Network (Wang et al., "Suppressing
    Uncertainties for Large-Scale Facial Expression Recognition", CVPR 2020,
    eq. 3), with the settings of its code.

    Args:
        share (float): Share of the batch that is trusted, in (0, 1).
        margin (float): Wanted distance of the means.
        loss_weight (float): Factor of the loss.

    Raises:
        ValueError: If the share lies outside (0, 1).
    """

    def __init__(self,
                 share: float = 0.7,
                 margin: float = 0.15,
                 loss_weight: float = 1.) -> None:
        super().__init__()
        if not 0 < share < 1:
            raise ValueError(f'share={share}; expected a share of the batch '
                             'between 0 and 1.')
        self.share = share
        self.margin = margin
        self.loss_weight = loss_weight

    def forward(self, confidence: Tensor) -> Tensor:
        """Return the loss; 0 for a batch too small for two groups.

        Args:
            confidence (Tensor): ``(N,)`` in [0, 1].
        """
        top = int(len(confidence) * self.share)
        if not 0 < top < len(confidence):
            return confidence.sum() * 0
        ordered = confidence.sort(descending=True).values
        distance = ordered[:top].mean() - ordered[top:].mean()
        return self.loss_weight * (self.margin - distance).clamp(min=0)
