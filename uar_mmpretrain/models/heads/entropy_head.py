"""Regressing how much the annotators disagree, beside the classes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from mmpretrain.models.heads import ClsHead
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample
from torch import nn

CHANNEL = 'predicted_vote_entropy'


@MODELS.register_module()
class EntropyHead(ClsHead):
    """Another head, and a regression of the entropy of the soft label.

    Two linear layers and a sigmoid, trained by the L1 distance from
    ``H[q] / ln C`` (arXiv 2609.17130). Predictions are the other head's,
    with the channel ``predicted_vote_entropy`` in nats.

    Args:
        head (dict): Config of the head that classifies; it must have
            ``num_classes`` and train on ``gt_score``.
        in_channels (int): D, width of what its ``pre_logits`` returns.
        hidden_channels (int): Width between the two layers.
        loss_weight (float): Factor of the L1 loss.
        init_cfg (dict, optional): As in ``BaseModule``.
    """

    def __init__(self,
                 head: dict,
                 in_channels: int,
                 hidden_channels: int = 256,
                 loss_weight: float = 1.,
                 init_cfg: dict | None = None) -> None:
        super().__init__(init_cfg=init_cfg)
        self.head = MODELS.build(head)
        self.num_classes = self.head.num_classes
        self.loss_weight = loss_weight
        self.regression = nn.Sequential(
            nn.Linear(in_channels, hidden_channels), nn.ReLU(),
            nn.Linear(hidden_channels, 1), nn.Sigmoid())

    def pre_logits(self, feats: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return the ``(N, D)`` features that both heads read."""
        return self.head.pre_logits(feats)

    def forward(self, feats: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return the other head's logits."""
        return self.head(feats)

    def entropy(self, feats: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return the ``(N,)`` predicted vote entropies in nats."""
        share = self.regression(self.pre_logits(feats))[:, 0].float()
        return share * math.log(self.num_classes)

    def loss(self, feats: Sequence[torch.Tensor],
             data_samples: list[DataSample], **kwargs: Any) -> dict:
        """Return the other head's losses and ``loss_entropy``."""
        losses = self.head.loss(feats, data_samples, **kwargs)
        target = torch.stack([sample.gt_score for sample in data_samples])
        entropy = torch.special.entr(target).sum(-1)
        distance = (self.entropy(feats) - entropy).abs().mean()
        losses['loss_entropy'] = (
            self.loss_weight * distance / math.log(self.num_classes))
        return losses

    def predict(
        self,
        feats: Sequence[torch.Tensor],
        data_samples: list[DataSample] | None = None
    ) -> list[DataSample]:
        """Write the other head's predictions and the channel."""
        samples = self.head.predict(feats, data_samples)
        for sample, value in zip(samples, self.entropy(feats).tolist()):
            channels = {**sample.get('channels', {}), CHANNEL: value}
            sample.set_field(channels, 'channels')
        return samples
