"""A head for hard labels, softened by similar images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

from ..targets import NeighbourTargets
from .ensemble_cls_head import EnsembleClsHead


@MODELS.register_module()
class NeighbourHead(EnsembleClsHead):
    """Train on labels mixed with the predictions for similar images.

    For data sets with one label per image; in the style of LDLVA, see
    :class:`uar_mmpretrain.models.targets.NeighbourTargets`. Needs
    ``dict(type='EpochTargetsHook')`` in ``custom_hooks`` and ``image_id`` in
    the data samples. Predictions are those of an :class:`EnsembleClsHead`
    with the same linear layers, which can load the checkpoint, too.

    Args:
        num_images (int): Number of training images, each with a share of
            its label that is learnt.
        num_neighbours (int): Neighbours of each image.
        bandwidth (float): See :class:`NeighbourTargets`.
        initial_logit (float): See :class:`NeighbourTargets`.
        **kwargs: As in :class:`EnsembleClsHead`.
    """

    def __init__(self,
                 *args: Any,
                 num_images: int,
                 num_neighbours: int = 8,
                 bandwidth: float = 0.5,
                 initial_logit: float = 0.5,
                 **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        width = self.fcs[0].get_parameter('weight').shape[1]
        self.neighbour_targets = NeighbourTargets(
            num_images, self.num_classes, width, num_neighbours, bandwidth,
            initial_logit)

    def loss(self, feats: Sequence[torch.Tensor],
             data_samples: list[DataSample], **kwargs: Any) -> dict:
        """Return the losses against the mixed targets.

        Raises:
            ValueError: If an image has no ``image_id``.
        """
        cls_score = self(feats)
        features = self.pre_logits(feats)
        rows = self.neighbour_targets.rows(_image_ids(data_samples))
        target = self.neighbour_targets(
            features, self._targets(data_samples), rows)
        if self.training:
            scores = cls_score.detach().float().softmax(-1).mean(1)
            self.neighbour_targets.observe(features.detach(), scores, rows)
        return self._sum_losses(cls_score, target, data_samples, **kwargs)


def _image_ids(data_samples: list[DataSample]) -> list[str]:
    ids = [sample.get('image_id') for sample in data_samples]
    if None in ids:
        raise ValueError('NeighbourHead needs the image_id of every image. '
                         'Pack it with PackFERInputs.')
    return ids
