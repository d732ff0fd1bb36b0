"""A head for hard labels, smoothed by class."""

from __future__ import annotations

from typing import Any

import torch
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

from ..targets import ClassDistributions
from .ensemble_cls_head import EnsembleClsHead


@MODELS.register_module()
class ClassDistributionHead(EnsembleClsHead):
    """Train on labels mixed with the class distributions of the last epoch.

    For data sets with one label per image; see
    :class:`uar_mmpretrain.models.targets.ClassDistributions`. Needs
    ``dict(type='EpochTargetsHook')`` in ``custom_hooks``. Predictions are
    those of an :class:`EnsembleClsHead` with the same linear layers, which
    can load the checkpoint, too.

    Args:
        share (float): Share of the class distribution in the target.
        threshold (float): Mean probability of the own class from which a
            class distribution is trusted; 0.7 for RAF-DB, 0.5 for AffectNet
            in Ada-DF's code.
        **kwargs: As in :class:`EnsembleClsHead`.
    """

    def __init__(self,
                 *args: Any,
                 share: float = 0.7,
                 threshold: float = 0.7,
                 **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.class_distributions = ClassDistributions(
            self.num_classes, share, threshold)

    def _get_loss(self, cls_score: torch.Tensor,
                  data_samples: list[DataSample], **kwargs: Any) -> dict:
        target = self._targets(data_samples)
        if self.training:
            scores = cls_score.detach().float().softmax(-1).mean(1)
            self.class_distributions.observe(scores, target)
        return self._sum_losses(cls_score, self.class_distributions(target),
                                data_samples, **kwargs)
