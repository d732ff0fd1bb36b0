"""Packing that keeps votes and corruption labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmpretrain.datasets.transforms import PackInputs
from mmpretrain.registry import TRANSFORMS

_META_KEYS = ('image_id', 'eval_label', 'corruption', 'severity',
              'label_is_wrong')
_VECTORS = ('gt_votes', 'true_distribution', 'aus')


@TRANSFORMS.register_module()
class PackFERInputs(PackInputs):
    """mmpretrain's ``PackInputs`` that also carries what FER tests need.

    Adds ``gt_votes`` and, for drawn faces, ``true_distribution`` (float
    tensors ``(C,)``), ``aus`` (``(K,)``, see :class:`LoadActionUnits`), and
    the meta fields ``image_id``, ``eval_label``, ``corruption``,
    ``severity`` and ``label_is_wrong`` (see :class:`NoisyLabels`) where the
    item has them.

    Args:
        meta_keys (Sequence[str]): Further meta fields, by default
            mmpretrain's own.
        **kwargs: As in ``PackInputs``.
    """

    def __init__(self,
                 meta_keys: Sequence[str] = PackInputs.DEFAULT_META_KEYS,
                 **kwargs: Any) -> None:
        super().__init__(
            algorithm_keys=_VECTORS,
            meta_keys=(*meta_keys, *_META_KEYS),
            **kwargs)

    def transform(self, results: dict) -> dict:
        """Pack one item."""
        # PackInputs stores algorithm keys as they are.
        for key in _VECTORS:
            if key in results:
                results[key] = torch.as_tensor(
                    np.asarray(results[key], dtype=np.float32))
        return super().transform(results)
