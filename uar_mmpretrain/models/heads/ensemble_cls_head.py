"""M linear classifiers on one set of features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from mmpretrain.models.heads import ClsHead
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample
from torch import nn

from ..member_scores import set_member_scores
from ..nonfinite import to_scores
from .bootstrap import poisson_weights
from .stack_targets import stack_targets


@MODELS.register_module()
class EnsembleClsHead(ClsHead):
    """M linear classifiers, each with its own initial weights.

    The cheap ensemble on one backbone, inside a plain ``ImageClassifier``.
    With ``num_members=1`` it is the soft-label head of a deep-ensemble
    member. Targets are the ``gt_score`` of the data samples, through
    mmpretrain's own loss; the members' losses are summed, so that each
    classifier gets the gradient it would get alone.

    Args:
        num_classes (int): C.
        in_channels (int): D, width of the class token or pooled feature.
        num_members (int): M.
        with_patch_mean (bool): Classify the class token together with the
            mean patch token (2 D features); the backbone must then hand out
            all tokens (``out_type='raw'``).
        bootstrap (bool): Weight each image per member by its count in that
            member's bootstrap replicate, see
            :func:`.bootstrap.poisson_weights`. Needs ``image_id`` in the
            data samples.
        loss (dict): An mmpretrain loss that takes soft targets ``(N, C)``.
        init_cfg (dict): Initial weights of the linear layers.

    Raises:
        ValueError: If ``num_members`` or ``num_classes`` is too small.
    """

    def __init__(self,
                 num_classes: int,
                 in_channels: int,
                 num_members: int = 1,
                 with_patch_mean: bool = False,
                 bootstrap: bool = False,
                 loss: dict | None = None,
                 init_cfg: dict | None = None,
                 **kwargs: Any) -> None:
        if num_members < 1 or num_classes < 2:
            raise ValueError(
                f'num_members={num_members}, num_classes={num_classes}; '
                'expected at least 1 member and 2 classes.')
        loss = loss or dict(type='CrossEntropyLoss', use_soft=True)
        init_cfg = init_cfg or dict(type='Normal', layer='Linear', std=0.01)
        super().__init__(loss=loss, init_cfg=init_cfg, **kwargs)
        self.num_classes = num_classes
        self.num_members = num_members
        self.with_patch_mean = with_patch_mean
        self.bootstrap = bootstrap
        width = in_channels * (2 if with_patch_mean else 1)
        self.fcs = nn.ModuleList(
            nn.Linear(width, num_classes) for _ in range(num_members))

    def pre_logits(self, feats: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return the ``(N, D)`` or ``(N, 2 D)`` features to classify.

        Args:
            feats (Sequence[torch.Tensor]): Backbone (or neck) outputs; the
                last is ``(N, D)`` or all tokens ``(N, 1 + L, D)``, class
                token first.

        Raises:
            ValueError: If the patch mean is asked for but there are no
                tokens.
        """
        features = feats[-1]
        if features.ndim == 2 and not self.with_patch_mean:
            return features
        if features.ndim != 3:
            raise ValueError(
                f'the head got features of shape {tuple(features.shape)}; '
                'expected (N, D), or (N, 1 + L, D) tokens for '
                "with_patch_mean=True. Set the backbone's out_type='raw', or "
                'add a GlobalAveragePooling neck.')
        if not self.with_patch_mean:
            return features[:, 0]
        return torch.cat([features[:, 0], features[:, 1:].mean(1)], dim=-1)

    def forward(self, feats: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return member logits ``(N, M, C)``."""
        features = self.pre_logits(feats)
        return torch.stack([fc(features) for fc in self.fcs], dim=1)

    def _get_loss(self, cls_score: torch.Tensor,
                  data_samples: list[DataSample], **kwargs: Any) -> dict:
        return self._sum_losses(cls_score, self._targets(data_samples),
                                data_samples, **kwargs)

    def _sum_losses(self, cls_score: torch.Tensor, target: torch.Tensor,
                    data_samples: list[DataSample], **kwargs: Any) -> dict:
        """Sum the members' losses on ``(N, M, C)`` logits."""
        weights = self._weights(data_samples, cls_score)
        loss = sum(
            self.loss_module(cls_score[:, m],
                             target,
                             weight=weights[:, m],
                             avg_factor=weights[:, m].sum().clamp(min=1.),
                             **kwargs) for m in range(self.num_members))
        return dict(loss=loss)

    def _targets(self, data_samples: list[DataSample]) -> torch.Tensor:
        return stack_targets(
            data_samples, 'gt_score', 'soft labels', self.num_classes,
            'Use a soft-label data set, or concatenate only data sets that '
            'give every item a gt_score.')

    def _weights(self, data_samples: list[DataSample],
                 cls_score: torch.Tensor) -> torch.Tensor:
        """Return ``(N, M)`` sample weights."""
        if not self.bootstrap:
            return cls_score.new_ones(cls_score.shape[:2])
        ids = [sample.get('image_id') for sample in data_samples]
        if None in ids:
            raise ValueError('bootstrap=True needs the image_id of every '
                             'image. Pack it with PackFERInputs.')
        return cls_score.new_tensor(poisson_weights(ids, self.num_members))

    def _get_predictions(
            self, cls_score: torch.Tensor,
            data_samples: list[DataSample] | None) -> list[DataSample]:
        """Write ``(N, M, C)`` member scores into the data samples."""
        return set_member_scores(data_samples, to_scores(cls_score))
