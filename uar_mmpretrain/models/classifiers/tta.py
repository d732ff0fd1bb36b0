"""Test-time augmentation that keeps the members apart."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.model import BaseTTAModel
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

from ..member_scores import set_member_scores


@MODELS.register_module()
class MemberScoreTTA(BaseTTAModel):
    """Average each member's scores over the augmented views.

    mmpretrain's ``AverageClsScoreTTA`` keeps only the mean over members, so
    nothing would be left to decompose. Averaging per member keeps M members
    and their disagreement.
    """

    def merge_preds(self, data_samples_list: list[list[DataSample]],
                    **kwargs: Any) -> list[DataSample]:
        """Merge the views of each image.

        Args:
            data_samples_list (list[list[DataSample]]): For each image, the
                predictions of its views, each with ``member_scores``
                ``(M, C)``.

        Returns:
            list[DataSample]: One prediction per image.
        """
        scores = torch.stack([
            torch.stack([view.member_scores for view in views]).mean(0)
            for views in data_samples_list
        ])
        samples = set_member_scores(
            [views[0] for views in data_samples_list], scores,
            getattr(self.module, 'kind', 'entropy'),
            getattr(self.module, 'on_nonfinite', 'error'))
        for sample, views in zip(samples, data_samples_list):
            _average_channels(sample, views)
        return samples


def _average_channels(sample: DataSample, views: list[DataSample]) -> None:
    """Replace the first view's channels by the mean over all."""
    if 'channels' in sample:
        sample.channels = {
            name: sum(view.channels[name] for view in views) / len(views)
            for name in views[0].channels
        }
