"""A validation split carved out of the official training images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .label_checks import check_not_empty
from .records import LabelRecords


@dataclass(frozen=True)
class HeldOut:
    """Which part of the official training images is held out.

    Some data sets have no validation split of their own. Here ``val`` is a
    part of the official training images, drawn per class, ``train`` is the
    rest and ``trainval`` is both.

    Args:
        fraction: Share of every class that goes to ``val``, in (0, 1).
        seed: Seed of the draw.

    Raises:
        ValueError: If the fraction is not a share.
    """

    fraction: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.fraction < 1:
            raise ValueError(f'val_fraction={self.fraction}; expected a share '
                             'between 0 and 1, such as 0.1.')

    def take(self, records: LabelRecords, split: str,
             metainfo: dict) -> LabelRecords:
        """Take ``train`` or ``val`` and write the counts into metainfo.

        Args:
            records: The official training images.
            split: ``train``, ``val``, or any other, which takes all.
            metainfo: Gets ``num_train``, ``num_val`` and how they were drawn.

        Returns:
            The records of that split.

        Raises:
            ValueError: If no image is left.
        """
        if split not in ('train', 'val'):
            return records
        held_out = stratified_part(records.labels, self.fraction, self.seed)
        num_val = int(held_out.sum())
        metainfo.update(
            val_fraction=self.fraction,
            val_seed=self.seed,
            num_train=len(records) - num_val,
            num_val=num_val)
        part = records.take(held_out if split == 'val' else ~held_out)
        check_not_empty(
            part, f' of split {split!r} with val_fraction={self.fraction}')
        return part.with_notes(
            f'val is no official split: {num_val:,} of {len(records):,} '
            f'training images, drawn per class (val_fraction='
            f'{self.fraction}, val_seed={self.seed}).')


def stratified_part(labels: np.ndarray, fraction: float,
                    seed: int) -> np.ndarray:
    """Draw a part of every class, the same for the same list and seed.

    Args:
        labels: (N,) class indices.
        fraction: Share of each class, rounded to whole images.
        seed: Seed of the draw.

    Returns:
        (N,) bool, True in the part.
    """
    generator = np.random.default_rng(seed)
    part = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        members = generator.permutation(np.flatnonzero(labels == label))
        part[members[:round(fraction * len(members))]] = True
    return part
