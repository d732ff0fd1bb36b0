"""A part of every class of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from mmpretrain.registry import DATASETS

from .derived import DerivedDataset, single_label
from .held_out import stratified_part


@DATASETS.register_module()
class StratifiedSubset(DerivedDataset):
    """Keep the same share of every class.

    Subsets of one seed are nested: a smaller one is part of a larger one.

    Args:
        dataset (dict or BaseDataset): The set to take from.
        fraction (float): Share of every class (by ``gt_label``) to keep,
            rounded to whole images; in (0, 1].
        seed (int): Seed of the draw. Defaults to 0.
        **kwargs: As in :class:`DerivedDataset`.

    Raises:
        ValueError: If the fraction is not a share, or a class would lose
            all of its images.
    """

    note_key = 'subset'

    def __init__(self,
                 dataset: Any,
                 fraction: float,
                 seed: int = 0,
                 **kwargs: Any) -> None:
        if not 0 < fraction <= 1:
            raise ValueError(f'StratifiedSubset: fraction={fraction}; '
                             'expected a share above 0 and up to 1.')
        self.fraction = fraction
        self.seed = seed
        super().__init__(dataset, **kwargs)

    def derive(self, items: list[dict]) -> tuple[list[dict], str]:
        """Draw from every class."""
        labels = np.array([single_label(item, 'StratifiedSubset')
                           for item in items])
        part = stratified_part(labels, self.fraction, self.seed)
        lost = sorted(set(labels.tolist()) - set(labels[part].tolist()))
        if lost:
            raise ValueError(
                f'StratifiedSubset: fraction={self.fraction:g} leaves no '
                f'image of class {_name(lost[0], self.CLASSES)}, which has '
                f'{int((labels == lost[0]).sum())}. Choose a larger one.')
        return [items[i] for i in np.flatnonzero(part)], (
            f'{int(part.sum()):,} of {len(items):,} images, '
            f'{self.fraction:.4g} of every class, seed {self.seed}')


def _name(label: int, classes: Sequence[str] | None) -> str:
    return str(label) if classes is None else str(classes[label])
