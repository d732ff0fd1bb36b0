"""One row per tested image and corruption: what every result comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ...routing import fingerprint_data
from ...uncertainty import Decomposition, decompose
from .votes import vote_entropy

CLEAN = 'clean'


@dataclass(frozen=True, eq=False)
class PredictionTable:
    """Predictions of a test, in an order of their own.

    Rows are sorted by (image_id, corruption, severity) on construction, so
    nothing computed from a table depends on the number of processes or the
    order in which they finished.

    Args:
        image_id (np.ndarray): ``(R,)`` str; all copies of an image share it.
        corruption (np.ndarray): ``(R,)`` str, 'clean' for clean rows.
        severity (np.ndarray): ``(R,)`` int, 0 for clean rows.
        label (np.ndarray): ``(R,)`` int, arg-max of the soft label; -1 if
            there is none.
        eval_label (np.ndarray): ``(R,)`` int, the label accuracy is judged
            by; -1 where the evaluation rule leaves the image out.
        member_scores (np.ndarray): ``(R, M, C)`` float32 probabilities.
        classes (tuple[str, ...]): C names.
        votes (np.ndarray | None): ``(R, C)`` counts, a row of zeros where an
            image has none; None if no image has any.
        action (np.ndarray | None): ``(R,)`` int8 values of
            :class:`uar_mmpretrain.routing.Action`.
        truth (np.ndarray | None): ``(R, C)`` true label distribution, known
            for drawn faces only.
        channels (Mapping[str, np.ndarray]): ``(R,)`` further scores by name,
            higher for less like the training images.

    Raises:
        ValueError: If lengths differ, a value is out of range, or the same
            (image, corruption, severity) occurs twice. The message names
            the image.
    """

    image_id: np.ndarray
    corruption: np.ndarray
    severity: np.ndarray
    label: np.ndarray
    eval_label: np.ndarray
    member_scores: np.ndarray
    classes: tuple[str, ...]
    votes: np.ndarray | None = None
    action: np.ndarray | None = None
    truth: np.ndarray | None = None
    channels: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, dtype in _DTYPES.items():
            value = getattr(self, name)
            if value is not None:
                self._set(name, np.asarray(value, dtype=dtype))
        self._set('classes', tuple(self.classes))
        self._set('channels', {name: np.asarray(score, dtype=np.float64)
                               for name, score in self.channels.items()})
        self._check_shapes()
        order = np.lexsort((self.severity, self.corruption, self.image_id))
        for name in _DTYPES:
            value = getattr(self, name)
            if value is not None:
                self._set(name, value[order])
        self._set('channels', {name: score[order] for name, score
                               in self.channels.items()})
        self._check_values()

    def __len__(self) -> int:
        return len(self.image_id)

    @property
    def num_members(self) -> int:
        """Number of members M."""
        return self.member_scores.shape[1]

    @cached_property
    def mean_scores(self) -> np.ndarray:
        """``(R, C)`` float64 mean probabilities of the members."""
        return self.member_scores.mean(1, dtype=np.float64)

    @property
    def is_clean(self) -> np.ndarray:
        """``(R,)`` mask of the clean rows."""
        return self.severity == 0

    @property
    def voted(self) -> np.ndarray:
        """``(R,)`` mask of the rows with votes."""
        if self.votes is None:
            return np.zeros(len(self), dtype=bool)
        return self.votes.sum(1) > 0

    def vote_entropy(self) -> np.ndarray:
        """``(R,)`` entropy of the votes in nats, NaN without votes."""
        if self.votes is None:
            return np.full(len(self), np.nan)
        return vote_entropy(self.votes)

    def data_fingerprint(self) -> str:
        """Hash the images with their labels and votes, however corrupted.

        Returns:
            str: From :func:`uar_mmpretrain.routing.fingerprint_data`, over
            the distinct images.
        """
        # Rows are sorted by image.
        _, first = np.unique(self.image_id, return_index=True)
        votes = None if self.votes is None else self.votes[first]
        return fingerprint_data(self.image_id[first], self.label[first],
                                votes)

    def select(self, mask: np.ndarray) -> PredictionTable:
        """Return the table of the rows a boolean mask names."""
        changed = {
            name: getattr(self, name)[mask]
            for name in _DTYPES if getattr(self, name) is not None
        }
        changed['channels'] = {name: score[mask] for name, score
                               in self.channels.items()}
        return replace(self, **changed)

    def clean(self) -> PredictionTable:
        """Return the clean rows."""
        return self.select(self.is_clean)

    def at_severity(self, severity: int) -> PredictionTable:
        """Return the rows of one severity, all corruptions."""
        return self.select(self.severity == severity)

    def with_action(self, action: np.ndarray) -> PredictionTable:
        """Return the same rows with a routing action each."""
        return replace(self, action=action)

    def decompose(self, kind: str = 'entropy') -> Decomposition:
        """Decompose the member scores in double precision.

        Args:
            kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.

        Returns:
            Decomposition: ``(R,)`` float64 parts, computed once; not to be
            written to.
        """
        if kind not in self._decompositions:
            self._decompositions[kind] = decompose(
                self.member_scores.astype(np.float64), kind)
        return self._decompositions[kind]

    @cached_property
    def _decompositions(self) -> dict[str, Decomposition]:
        return {}

    def _set(self, name: str, value: Any) -> None:
        # The dataclass is frozen for everybody else.
        object.__setattr__(self, name, value)

    def _check_shapes(self) -> None:
        rows, classes = len(self.image_id), len(self.classes)
        if self.member_scores.ndim != 3:
            raise ValueError(
                f'member_scores has shape {self.member_scores.shape}; '
                'expected (R, M, C): rows, members, classes.')
        expected: dict[str, tuple[int, ...]] = dict.fromkeys(
            _DTYPES, (rows, ))
        expected['votes'] = expected['truth'] = (rows, classes)
        expected['member_scores'] = (rows, self.num_members, classes)
        for name, shape in expected.items():
            value = getattr(self, name)
            if value is not None and value.shape != shape:
                raise ValueError(
                    f'{name} has shape {value.shape}; expected {shape} for '
                    f'{rows} rows and {classes} classes.')
        for name, score in self.channels.items():
            if score.shape != (rows, ):
                raise ValueError(
                    f'channel {name!r} has shape {score.shape}; expected '
                    f'({rows},), one value per row.')

    def _check_values(self) -> None:
        for name in ('label', 'eval_label'):
            value = getattr(self, name)
            self._refuse((value < -1) | (value >= len(self.classes)), name,
                         f'-1 to {len(self.classes) - 1}')
        self._refuse(self.severity < 0, 'severity', '0 or more')
        self._refuse((self.corruption == CLEAN) != self.is_clean, 'severity',
                     "0 for 'clean', more for every corruption")
        self._refuse(~np.isfinite(self.member_scores).all((1, 2)),
                     'member_scores', 'finite probabilities')
        if self.votes is not None:
            self._refuse(~(np.isfinite(self.votes) &
                           (self.votes >= 0)).all(1), 'votes',
                         'counts of at least 0')
        for name, score in self.channels.items():
            self._refuse(~np.isfinite(score), 'channels',
                         f'a finite value of {name!r}')
        same = np.ones(max(len(self) - 1, 0), dtype=bool)
        for name in ('image_id', 'corruption', 'severity'):
            value = getattr(self, name)
            same &= value[1:] == value[:-1]
        self._refuse(np.r_[same, False][:len(self)], 'image_id',
                     'each (image, corruption, severity) once')

    def _refuse(self, bad: np.ndarray, name: str, expected: str) -> None:
        """Raise for the first bad row, naming its image."""
        if not bad.any():
            return
        row = int(bad.argmax())
        found = getattr(self, name)
        found = ({key: float(score[row]) for key, score in found.items()}
                 if name == 'channels' else np.asarray(found[row]).tolist())
        raise ValueError(
            f'{name} of image {str(self.image_id[row])[:200]!r} '
            f'({self.corruption[row][:80]}, severity {self.severity[row]}) is '
            f'{repr(found)[:200]}; expected {expected} '
            f'({int(bad.sum())} of {len(bad)} rows are affected).')


_DTYPES: dict[str, type] = {
    'image_id': np.str_,
    'corruption': np.str_,
    'severity': np.int64,
    'label': np.int64,
    'eval_label': np.int64,
    'member_scores': np.float32,
    'votes': np.float64,
    'action': np.int8,
    'truth': np.float64,
}
