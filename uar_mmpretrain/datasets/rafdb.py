"""RAF-DB, basic expressions: aligned web faces with one label each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mmpretrain.registry import DATASETS

from .held_out import HeldOut
from .label_checks import check_not_empty
from .rafdb_files import read_distributions, read_list
from .records import LabelRecords
from .soft_label import SoftLabelDataset
from .table_checks import check_choice

_LIST = 'EmoLabel/list_patition_label.txt'  # the official spelling
_IMAGES = 'Image/aligned'
_SUBSETS = {'train': 'train', 'val': 'train', 'trainval': 'train',
            'test': 'test'}


@DATASETS.register_module()
class RAFDB(SoftLabelDataset):
    """RAF-DB as it is passed on: a list file and aligned 100x100 faces.

    ::

        <root>/EmoLabel/list_patition_label.txt
        <root>/Image/aligned/train_00001_aligned.jpg

    Labels are hard (``gt_score`` is one-hot, there are no ``gt_votes``)
    unless a distribution file is named. There is no official validation
    split: ``val`` is a part of the official training images, drawn per class
    by ``val_seed``, and ``train`` is the rest; the counts stand in
    ``metainfo`` and in the log.

    Args:
        data_root: Folder that holds ``EmoLabel`` and ``Image``.
        split: ``train``, ``val``, ``trainval`` (both) or ``test``.
        val_fraction: Share of every class that goes to ``val``, in (0, 1).
        val_seed: Seed of the draw.
        distribution_file: File of label distributions, such as
            ``distribution_basic.txt``, relative to ``data_root``: lines of
            an image name and seven probabilities in RAF-DB's order. The
            training target is then the distribution; accuracy is still
            judged by the list.
        classes: Defaults to the seven classes of RAF-DB, canonical order.
        **kwargs: As for :class:`SoftLabelDataset`.

    Raises:
        ValueError: If list and distributions agree on less than half of the
            images, or a line is not as it should be.

    References:
        S. Li, W. Deng, J. Du, "Reliable Crowdsourcing and Deep
        Locality-Preserving Learning for Expression Recognition in the Wild",
        CVPR 2017.
    """

    def __init__(self,
                 data_root: str,
                 split: str = 'train',
                 val_fraction: float = 0.1,
                 val_seed: int = 0,
                 distribution_file: str | None = None,
                 classes: int | Sequence[str] | None = 7,
                 **kwargs) -> None:
        check_choice('split', split, tuple(_SUBSETS))
        self.held_out = HeldOut(val_fraction, val_seed)
        self.distribution_file = distribution_file
        super().__init__(
            ann_file=_LIST,
            data_root=data_root,
            split=split,
            classes=classes,
            **kwargs)

    def read_records(self) -> LabelRecords:
        """Read the list, carve out ``val``, add distributions if named."""
        records = read_list(Path(self.ann_file), _IMAGES)
        subset = _SUBSETS[self.split]
        records = records.take(
            np.array([
                os.path.basename(path).startswith(f'{subset}_')
                for path in records.paths
            ],
                     dtype=bool))
        check_not_empty(records, f' that begins with {subset}_')
        records = self.held_out.take(records, self.split, self._metainfo)
        if self.distribution_file is None:
            return records
        path = Path(self.data_root) / self.distribution_file
        return read_distributions(path, records)
