"""A linear classifier behind a BN neck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from mmpretrain.registry import MODELS
from torch import nn

from ..heads import EnsembleClsHead
from .bn_neck import BNNeck


@MODELS.register_module()
class BNNeckHead(EnsembleClsHead):
    """Dropout, batch norm without bias, linear classifier without bias.

    The main classifier of DMUE, and of what is exported from it. Alone, in a
    plain ``ImageClassifier``, it trains on soft labels as
    :class:`EnsembleClsHead` does.

    Args:
        num_classes (int): C.
        in_channels (int): D.
        dropout (float): Probability.
        init_cfg (dict): Initial weights of the linear layer.
        **kwargs: As in :class:`EnsembleClsHead`.

    Raises:
        ValueError: If more than one member is asked for.
    """

    def __init__(self,
                 num_classes: int,
                 in_channels: int,
                 dropout: float = 0.5,
                 init_cfg: dict | None = None,
                 **kwargs: Any) -> None:
        init_cfg = init_cfg or dict(type='Normal', layer='Linear', std=0.001)
        super().__init__(num_classes, in_channels, init_cfg=init_cfg, **kwargs)
        if self.num_members != 1:
            raise ValueError(f'num_members={self.num_members}; a BNNeckHead '
                             'has one. Train an ensemble with EnsembleRunner.')
        width = in_channels * (2 if self.with_patch_mean else 1)
        self.fcs[0] = nn.Linear(width, num_classes, bias=False)
        self.bn_neck = BNNeck(width, dropout)

    def forward(self, feats: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return logits ``(N, 1, C)``."""
        features = self.bn_neck(self.pre_logits(feats))
        return self.fcs[0](features).unsqueeze(1)
