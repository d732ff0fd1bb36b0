"""The teacher: an objective distribution from regions and action units."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import torch
from mmengine.logging import print_log
from mmengine.model import BaseModule
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample
from torch import Tensor, nn

from ..losses import SoftTargetLoss
from .au_prior import AUPrior
from .mutual_kl_loss import MutualKLLoss
from .regions import REGIONS, pool_regions, split_features
from .schedules import cosine_factor


@MODELS.register_module()
class PriorInferenceNetwork(BaseModule):
    """Classifiers of the whole face and of its regions on one backbone.

    Trained by three losses, each a mean over the classifiers: the divergence
    from what the action units of the image suggest (:class:`AUPrior`), from
    each other (:class:`MutualKLLoss`), and, lightly, the annotation. The
    first fades from 1 to 0.3 in the course of the training, so that the
    prior does not dominate. Images without action units train on the other
    two.

    Args:
        backbone (dict): Its last output is a map or tokens, see
            :func:`split_features`.
        in_channels (int): D, width of that output.
        num_classes (int): C.
        classes (Sequence[str], optional): Names of the classes in the order
            of the head, needed if they are not the first 7 or 8.
        prior (dict, optional): Further arguments of :class:`AUPrior`.
        prior_weight (float): Factor of the divergence from the prior; 0:
            action units have no say.
        mutual_weight (float): Factor of the mutual loss.
        label_weight (float): Factor of the cross-entropy of the annotation.
        init_cfg (dict, optional): As in ``BaseModule``.
    """

    boxes: Tensor

    def __init__(self,
                 backbone: dict,
                 in_channels: int,
                 num_classes: int,
                 classes: Sequence[str] | None = None,
                 prior: dict | None = None,
                 prior_weight: float = 1.,
                 mutual_weight: float = 1.,
                 label_weight: float = 0.5,
                 init_cfg: dict | None = None) -> None:
        super().__init__(init_cfg)
        self.backbone = MODELS.build(backbone)
        self.num_classes = num_classes
        self.prior = AUPrior(classes or num_classes, **(prior or {}))
        self.register_buffer('boxes', torch.tensor(REGIONS), persistent=False)
        self.fcs = nn.ModuleList(
            nn.Linear(in_channels, num_classes)
            for _ in range(1 + len(REGIONS)))
        self.prior_loss = SoftTargetLoss('kl')
        self.prior_weight = prior_weight
        self.mutual_loss = MutualKLLoss(mutual_weight)
        self.label_weight = label_weight
        self._told_prior_is_off = False

    def forward(self, images: Tensor) -> Tensor:
        """Return logits ``(N, 1 + R, C)``, those of the whole face first.

        Args:
            images (Tensor): Preprocessed images ``(N, 3, H, W)``.
        """
        whole, feature_map = split_features(self.backbone(images)[-1])
        regions = pool_regions(feature_map, self.boxes)
        features = [whole, *regions.unbind(1)]
        return torch.stack([fc(x) for fc, x in zip(self.fcs, features)], 1)

    def loss(self, logits: Tensor, annotation: Tensor,
             data_samples: Sequence[DataSample],
             progress: float) -> dict[str, Tensor]:
        """Return ``loss_prior``, ``loss_mutual`` and ``loss_label``.

        Args:
            logits (Tensor): What :meth:`forward` returned, ``(N, 1 + R, C)``.
            annotation (Tensor): Classes, int64 ``(N,)``.
            data_samples (Sequence[DataSample]): N samples, with ``aus``
                ``(K,)`` where they are known.
            progress (float): Share of the training that is done.
        """
        logits = logits.float()
        label = nn.functional.cross_entropy(
            logits.flatten(0, 1), annotation.repeat_interleave(
                logits.shape[1]))
        return dict(
            loss_prior=self.prior_weight * cosine_factor(progress) *
            self._prior_loss(logits, data_samples),
            loss_mutual=self.mutual_loss(logits),
            loss_label=self.label_weight * label)

    def _prior_loss(self, logits: Tensor,
                    data_samples: Sequence[DataSample]) -> Tensor:
        rows = [row for row, sample in enumerate(data_samples)
                if 'aus' in sample and not sample.aus.isnan().all()]
        if not rows:
            self._tell_prior_is_off()
            return logits.sum() * 0
        aus = torch.stack([data_samples[row].aus for row in rows])
        prior = self.prior(aus.to(logits.device))
        heads = logits.shape[1]
        return self.prior_loss(logits[rows].flatten(0, 1),
                               prior.repeat_interleave(heads, dim=0))

    def _tell_prior_is_off(self) -> None:
        if self._told_prior_is_off:
            return
        self._told_prior_is_off = True
        print_log(
            'PriorInferenceNetwork: no image of a batch has action units. '
            'Such images train without the prior; LoadActionUnits reads '
            'them from a table.',
            logger='current',
            level=logging.WARNING)
