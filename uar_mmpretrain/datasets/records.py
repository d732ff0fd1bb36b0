"""What a label file says about its images, the same for every data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from .table_checks import counted, some

__all__ = ['LabelRecords']


@dataclass(frozen=True)
class LabelRecords:
    """N images with votes, probabilities or hard labels.

    Attributes:
        source: Label file as shown in messages.
        paths: N image paths relative to the data root, ``/`` between parts.
        rows: (N,) row of each image in the source, counted from 1 with the
            header, as an editor shows it.
        classes: Canonical names of the C columns, in the file's own order.
        votes: (N, C) float64 vote counts, or None.
        probs: (N, C) float64 probabilities, or None.
        labels: (N,) int64 hard labels, an index into ``classes``, or None.
        extra_names: Names of the E columns that are no class.
        extra_votes: (N, E) float64, or None.
        boxes: (N, 4) int64 face boxes x1 y1 x2 y2 in pixels, or None.
        notes: Findings that are no error, as sentences.
    """

    source: str
    paths: list[str]
    rows: np.ndarray
    classes: tuple[str, ...]
    votes: np.ndarray | None = None
    probs: np.ndarray | None = None
    labels: np.ndarray | None = None
    extra_names: tuple[str, ...] = ()
    extra_votes: np.ndarray | None = None
    boxes: np.ndarray | None = None
    notes: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def shares(self) -> np.ndarray:
        """(N, C) votes, else probabilities, else one-hot labels."""
        if self.votes is not None:
            return self.votes
        if self.probs is not None:
            return self.probs
        return np.eye(len(self.classes))[self.labels]

    def take(self, index: np.ndarray) -> LabelRecords:
        """The records at an index or mask over N."""
        index = np.arange(len(self))[index]
        parts: dict = {'paths': [self.paths[i] for i in index]}
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, np.ndarray):
                parts[part.name] = value[index]
        return replace(self, **parts)

    def without(self, paths: Sequence[str]) -> LabelRecords:
        """The records but for some images, which a note names.

        Raises:
            ValueError: If one of them is not among the images.
        """
        if not len(paths):
            return self
        unknown = sorted(set(paths) - set(self.paths))
        if unknown:
            raise ValueError(
                f'{self.source}: ignore names {some(unknown)}, which the list '
                f'has not; its first image is {self.paths[0]}. Write image '
                'ids, in a list.')
        kept = np.array([path not in paths for path in self.paths])
        return self.take(kept).with_notes(
            f'{self.source}: left out {counted(int((~kept).sum()), "image")} '
            f'named in ignore: {some(sorted(paths))}.')

    def replace(self, **parts: Any) -> LabelRecords:
        """The same records with some attributes replaced."""
        return replace(self, **parts)

    def with_notes(self, *notes: str) -> LabelRecords:
        """The same records with further notes."""
        return replace(self, notes=(*self.notes, *notes))
