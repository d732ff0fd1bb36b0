"""One class as the training target."""

from __future__ import annotations

import numpy as np
from mmcv.transforms import BaseTransform
from mmpretrain.registry import TRANSFORMS

from ..hard_label import hard_label


@TRANSFORMS.register_module()
class HardLabel(BaseTransform):
    """Replace a soft label by its class, as data without votes have it.

    What methods for single labels have to be compared with: the same network
    on the same single labels. The votes stay for the metrics.

    Required: ``gt_score`` (C,). Changed: ``gt_score``, 1 for the class and 0
    elsewhere; ``gt_label`` is that class, the one that was there where there
    was one (:func:`hard_label`).
    """

    def transform(self, results: dict) -> dict:
        """Change one item."""
        shares = np.asarray(results['gt_score'])
        label = int(hard_label({**results, 'gt_score': shares}))
        return {
            **results, 'gt_label': label,
            'gt_score': np.eye(len(shares), dtype=np.float32)[label]
        }
