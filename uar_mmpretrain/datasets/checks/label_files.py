"""A label file against the known figures, and against the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mmpretrain.registry import DATASETS

from ..image_files import find_images
from ..label_rules import apply_label_rule
from ..records import LabelRecords
from ..soft_label import SoftLabelDataset
from ..summary import class_counts
from .findings import Finding
from .known import KnownSplit, known_split


@dataclass(frozen=True)
class LabelFile:
    """What one official split of a label file names.

    Args:
        dataset (str): Type of the data set.
        split (str): Official split; '' if the file knows none.
        path (str): The label file.
        sha256 (str): Checksum of it.
        named (int): Images it names.
        missing (list[str]): Those of them that are not on disk.
        known (KnownSplit | None): Figures of a complete copy.
        classes (Mapping[str, int] | None): Images by class under the rule of
            the known figures.
    """

    dataset: str
    split: str
    path: str
    sha256: str
    named: int
    missing: list[str]
    known: KnownSplit | None = None
    classes: Mapping[str, int] | None = None

    @property
    def name(self) -> str:
        """Data set, split and file, for messages."""
        return ' '.join(filter(None, (self.dataset, self.split,
                                      Path(self.path).name)))

    def findings(self) -> list[Finding]:
        """What differs from a complete, unchanged copy."""
        found = []
        if self.missing:
            found.append(Finding(
                self.name, f'{len(self.missing):,} of {self.named:,} images '
                'named in the file are not on disk. Complete the copy, or '
                "set on_missing='skip' and say so with every result.",
                files=tuple(self.missing)))
        if self.known is None or self.classes is None:
            return found
        known = self.known
        differing = [f'{name} {self.classes.get(name, 0):,} (known '
                     f'{count:,})' for name, count in known.classes.items()
                     if self.classes.get(name, 0) != count]
        if self.named != known.named:
            found.append(Finding(
                self.name, f'names {self.named:,} images; a complete file '
                f'names {known.named:,}. Is it another version, or cut '
                'short?', wrong=known.counted))
        if differing:
            found.append(Finding(
                self.name, f'classes by rule {known.rule!r} differ from '
                f'those known: {", ".join(differing)}. Is it another version '
                'of the labels, or another class order?',
                wrong=known.counted))
        return found


def read_label_file(config: dict) -> LabelFile | None:
    """Read the label file of a data set, in its official split.

    Where ``train`` and ``val`` are carved out of the official training
    images, these are read.

    Args:
        config (dict): Config of a data set without wrappers.

    Returns:
        LabelFile | None: None if the data set has no label file.
    """
    kind = DATASETS.get(config['type'])
    if kind is None or not issubclass(kind, SoftLabelDataset):
        return None
    dataset = DATASETS.build({**config, 'lazy_init': True})
    if hasattr(dataset, 'held_out') and dataset.split in ('train', 'val'):
        dataset.split = 'trainval'
    records = dataset.read_records()
    here = find_images(dataset.data_root, records.paths)
    path = dataset.label_path()
    known = known_split(kind.__name__, path, dataset.split or '')
    return LabelFile(
        kind.__name__, dataset.split or '', path,
        dataset.label_digest(records), len(records),
        [name for name, there in zip(records.paths, here) if not there],
        known, None if known is None else _count(records, known.rule))


def _count(records: LabelRecords, rule: str) -> dict[str, int]:
    if rule == 'label':
        labels = records.labels
    else:
        labels = apply_label_rule(records.shares, records.extra_votes,
                                  rule).label
    return class_counts(np.asarray(labels), records.classes)
