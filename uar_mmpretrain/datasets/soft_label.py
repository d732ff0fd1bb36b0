"""Images with soft labels from a table, and the base of the FER data sets."""

from __future__ import annotations

import logging
import os
import posixpath
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mmengine.logging import print_log
from mmpretrain.datasets import BaseDataset
from mmpretrain.registry import DATASETS

from .categories import resolve_classes
from .image_files import explain_missing, find_images
from .label_checks import (
    check_labels_agree,
    check_shares,
    drop_without_votes,
    fold_doubles,
)
from .label_rules import LABEL_RULES
from .records import LabelRecords
from .soft_table import read_soft_table
from .summary import class_counts, file_digest, summarize
from .table_checks import check_choice
from .targets import Targets, make_targets


@DATASETS.register_module()
class SoftLabelDataset(BaseDataset):
    """Images whose label is a distribution over the classes.

    The table is a CSV or TSV file, a Parquet file, JSON lines, or an ``npy``
    array beside a text file of paths; :func:`read_soft_table` describes the
    columns. Images are local files.

    An item carries ``img_path``, ``image_id`` (path relative to
    ``data_root``), ``gt_score`` (C,) float32 summing to 1, ``gt_label``
    (its winning class), ``gt_votes`` (C,) where there are counts, ``box``
    (x1, y1, x2, y2) where there is one, and ``eval_label``, -1 where the
    evaluation rule leaves the image out. Counts stand in ``metainfo`` and,
    as text, in :meth:`summary`.

    Args:
        ann_file: Table, relative to ``data_root``.
        data_root: Folder of the data set.
        data_prefix: Folder of the images under ``data_root``.
        split: Keep the rows whose column ``split`` says this; None keeps all.
        values: ``votes`` or ``probs`` for columns named by bare class names
            and for an array; None if the header says it.
        paths_file: Text file of image paths, one per row of an ``npy``.
        classes: None for all eight, 7 or 8, or names (canonical or usual
            spellings) in the order of the head.
        label_rule: How votes become the training target, and which images
            stay; see :func:`apply_label_rule`.
        eval_rule: How ``eval_label`` is made: a label rule, or ``label`` for
            the hard label of the table. Defaults to ``label`` where there is
            one, else ``argmax``.
        ties: ``first`` or ``drop``, see :func:`apply_label_rule`.
        on_missing: ``error`` or ``skip`` if images are not there.
        ignore: Image ids to leave out, such as known placeholder pictures;
            each must be among the images of the split.
        **kwargs: Further arguments of mmpretrain's ``BaseDataset``
            (``pipeline``, ``test_mode``, ``metainfo``, ``indices``, ...).

    Raises:
        ValueError: If the table is not what it should be; the message names
            file, row and field.
        FileNotFoundError: If the table or images are not there.
    """

    def __init__(self,
                 ann_file: str = '',
                 data_root: str = '',
                 data_prefix: str = '',
                 *,
                 split: str | None = None,
                 values: str | None = None,
                 paths_file: str | None = None,
                 classes: int | Sequence[str] | None = None,
                 label_rule: str = 'raw',
                 eval_rule: str | None = None,
                 ties: str = 'first',
                 on_missing: str = 'error',
                 ignore: Sequence[str] = (),
                 **kwargs) -> None:
        check_choice('label_rule', label_rule, tuple(LABEL_RULES))
        check_choice('eval_rule', eval_rule, (None, 'label', *LABEL_RULES))
        check_choice('on_missing', on_missing, ('error', 'skip'))
        check_choice('ties', ties, ('first', 'drop'))
        self.split = split
        self.values = values
        self.paths_file = paths_file
        self.label_rule = label_rule
        self.eval_rule = eval_rule
        self.ties = ties
        self.on_missing = on_missing
        self.ignore = ignore
        self._image_folder = data_prefix
        # As in mmpretrain, classes of the meta information come first.
        metainfo = dict(kwargs.pop('metainfo', None) or {})
        classes = resolve_classes(metainfo.pop('classes', classes))
        super().__init__(
            ann_file=ann_file,
            data_root=os.path.expanduser(data_root),
            data_prefix=data_prefix,
            classes=classes,
            metainfo=metainfo,
            **kwargs)

    def read_records(self) -> LabelRecords:
        """Read the label file; data sets of another shape override this."""
        root = Path(self.data_root)
        records = read_soft_table(
            self.ann_file,
            classes=self.CLASSES,
            values=self.values,
            split=self.split,
            paths_file=self.paths_file and root / self.paths_file,
            prefix=self._image_folder)
        return fold_doubles(records)

    def label_path(self) -> str:
        """Path of the label file, set once records are read."""
        return self.ann_file

    def label_digest(self, records: LabelRecords) -> str:
        """SHA-256 of the label file."""
        return file_digest(self.label_path())

    def filter_records(self, records: LabelRecords) -> LabelRecords:
        """Leave out images after those missing; here none."""
        return records

    def title(self) -> str:
        """First words of the summary."""
        return ' '.join(filter(None, (type(self).__name__, self.split)))

    def load_data_list(self) -> list[dict]:
        """Read, check and log; called by mmengine's ``full_init``."""
        records = self.read_records()
        num_named = len(records)
        records = check_labels_agree(
            check_shares(records.without(self.ignore)))
        records = self.filter_records(self._find(records))
        num_images = len(records)
        records = drop_without_votes(records)
        eval_rule = self.eval_rule or ('argmax' if records.labels is None else
                                       'label')
        targets = make_targets(records, self.CLASSES, self.label_rule,
                               eval_rule, self.ties)
        if not targets.kept.any():
            raise ValueError(
                f'{records.source}: rule {self.label_rule!r} leaves none of '
                f'the {len(records):,} images for the classes '
                f'{", ".join(self.CLASSES)}.')
        self._describe(records, targets, num_images, num_named, eval_rule)
        return self._items(records, targets)

    def summary(self) -> str:
        """Images found, rules, votes and class counts, as printed at load."""
        self.full_init()
        return self._metainfo['summary']

    def __getitem__(self, idx: int) -> dict:
        """One item through the pipeline, the same in training and testing.

        Raises:
            ValueError: If the pipeline gives None. mmengine would train on
                a random other image instead, without a word.
        """
        self.full_init()
        data = self.prepare_data(idx)
        if data is None:
            raise ValueError(
                f'the pipeline gave None for '
                f'{self.get_data_info(idx)["img_path"]}. Let the transform '
                'raise, or take the image off the list.')
        return data

    def _find(self, records: LabelRecords) -> LabelRecords:
        found = find_images(self.data_root, records.paths)
        if found.all():
            return records
        text = explain_missing(self.data_root, records.paths, found)
        where = self.data_root or '.'
        if not found.any():
            raise FileNotFoundError(f'{where}: {text} Named in '
                                    f'{records.source}.')
        if self.on_missing == 'error':
            raise FileNotFoundError(
                f'{where}: {text} Named in {records.source}, row '
                f'{records.rows[~found][0]}. Complete the copy, or set '
                "on_missing='skip'; results will then say "
                f'"{found.sum():,} of {len(found):,} images".')
        return records.take(found).with_notes(text)

    def _describe(self, records: LabelRecords, targets: Targets,
                  num_images: int, num_named: int, eval_rule: str) -> None:
        """Put counts into the meta information and log them once."""
        judged = targets.kept & (targets.eval_labels >= 0)
        counts = class_counts(targets.labels[targets.kept], self.CLASSES)
        fields = dict(
            split=self.split,
            num_images=num_images,
            num_named=num_named,
            num_kept=int(targets.kept.sum()),
            num_judged=int(judged.sum()),
            label_rule=self.label_rule,
            eval_rule=eval_rule,
            label_file=os.path.relpath(self.label_path(), self.data_root
                                       or '.'),
            label_sha256=self.label_digest(records),
            class_counts=counts,
            notes=list(records.notes))
        fields['summary'] = summarize(self.title(), fields, records, targets,
                                      self.CLASSES)
        self._metainfo.update(fields)
        self._metainfo.setdefault('dataset', type(self).__name__)
        level = logging.WARNING if records.notes else logging.INFO
        print_log(fields['summary'], 'current', level)

    def _items(self, records: LabelRecords, targets: Targets) -> list[dict]:
        items = []
        for index in np.flatnonzero(targets.kept):
            path = records.paths[index]
            item = dict(
                img_path=posixpath.join(self.data_root, path),
                image_id=path,
                gt_score=targets.scores[index],
                gt_label=int(targets.labels[index]),
                eval_label=int(targets.eval_labels[index]))
            if targets.votes is not None:
                item['gt_votes'] = targets.votes[index]
            if records.boxes is not None and records.boxes[index].any():
                item['box'] = records.boxes[index].tolist()
            items.append(item)
        return items
