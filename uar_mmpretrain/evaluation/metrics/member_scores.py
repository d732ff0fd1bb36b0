"""From data samples to a prediction table: the base of all metrics here."""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from mmengine.evaluator import BaseMetric
from mmengine.logging import print_log

from ...uncertainty import decompose
from ..functional import PredictionTable, Report
from ..functional.prediction_table import CLEAN


class MemberScoresMetric(BaseMetric):
    """Gather member scores of a whole test and report on them.

    Accumulates one small row per data sample; mmengine gathers the rows of
    all processes. After an evaluation the main process finds what did not go
    into the returned values in ``details``, ``notes`` and ``table``.

    A data sample needs ``image_id`` (else ``img_path``) and ``pred_score``;
    ``member_scores``
    ``(M, C)`` (a single member without), ``gt_votes``, ``gt_label``,
    ``eval_label`` (else ``gt_label``), ``corruption`` and ``severity`` (else
    clean), ``true_distribution`` and ``channels`` (a dict of floats) are
    used where they are.

    Args:
        kind (str): Decomposition, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        **kwargs: As in mmengine's ``BaseMetric``.

    Raises:
        ValueError: If the kind is unknown.
    """

    # An evaluator hands each batch to one metric after the other: they keep
    # the same rows, and only the first one makes them.
    _latest: tuple[Sequence[dict], list[dict]] = ([], [])

    def __init__(self, kind: str = 'entropy', **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # An unknown kind must not wait for the end of a test.
        decompose(np.full((1, 1, 2), 0.5), kind)
        self.kind = kind
        self.details: dict[str, float] = {}
        self.notes: dict[str, str] = {}
        self.table: PredictionTable | None = None

    @abstractmethod
    def report(self, table: PredictionTable) -> Report:
        """Compute everything from a table.

        Args:
            table (PredictionTable): All rows of the test.

        Returns:
            Report: Values to return, details, and notes on what is left out.
        """

    @property
    def settings(self) -> dict[str, Any]:
        """Arguments that computing the same report again would need."""
        return dict(kind=self.kind)

    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Keep one row per data sample.

        Args:
            data_batch (Any): Not used.
            data_samples (Sequence[dict]): Predictions as dictionaries.

        Raises:
            KeyError: If a data sample has no ``image_id`` or no scores.
        """
        samples, rows = MemberScoresMetric._latest
        if not _are_the_same(samples, data_samples):
            samples, rows = [*data_samples], [*map(_row, data_samples)]
            MemberScoresMetric._latest = samples, rows
        self.results.extend(rows)

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Build the table and report on it.

        Args:
            results (list): Rows of all processes.

        Returns:
            dict[str, float]: The report's values.
        """
        table = _table(results, self._class_names(results))
        return self.evaluate_table(table)

    def evaluate_table(self, table: PredictionTable) -> dict[str, float]:
        """Report on a table that exists already.

        Args:
            table (PredictionTable): All rows of the test.

        Returns:
            dict[str, float]: The report's values, without the prefix.
        """
        self.table = table
        report = self.report(table)
        self.details, self.notes = report.details, report.notes
        for part, reason in report.notes.items():
            print_log(f'{self.prefix}: {part} left out: {reason}', 'current')
        return report.values

    def _class_names(self, results: list) -> tuple[str, ...]:
        classes = (self.dataset_meta or {}).get('classes')
        if classes is None:
            raise ValueError(
                f'{type(self).__name__}: the data set names no classes; '
                "expected metainfo['classes'].")
        found = results[0]['member_scores'].shape[1] if results else 0
        if results and found != len(classes):
            raise ValueError(
                f'predictions have {found} classes, the data set '
                f'{len(classes)} ({", ".join(classes)}). Set '
                "num_classes of the model's head.")
        return tuple(classes)


def _are_the_same(some: Sequence, others: Sequence) -> bool:
    return len(some) == len(others) and all(map(operator.is_, some, others))


def _row(sample: dict) -> dict:
    """Reduce a data sample to what a table holds."""
    # Any mmpretrain data set names its image files.
    image_id = sample.get('image_id', sample.get('img_path'))
    if image_id is None:
        raise KeyError(
            'a data sample has neither image_id nor img_path; let the '
            "pipeline end with dict(type='PackFERInputs').")
    scores = sample.get('member_scores')
    if scores is None:
        if 'pred_score' not in sample:
            raise KeyError(f'image {image_id!r} has neither '
                           'member_scores nor pred_score; the model predicts '
                           'nothing to evaluate.')
        scores = sample['pred_score'][None]
    label = _integer(sample.get('gt_label'))
    votes, truth = sample.get('gt_votes'), sample.get('true_distribution')
    return dict(
        image_id=str(image_id),
        corruption=str(sample.get('corruption', CLEAN)),
        severity=int(sample.get('severity', 0)),
        label=label,
        eval_label=_integer(sample.get('eval_label', label)),
        votes=None if votes is None else _array(votes),
        truth=None if truth is None else _array(truth),
        channels=dict(sample.get('channels', {})),
        member_scores=_array(scores))


def _array(value: Any) -> np.ndarray:
    """Return float32 on the CPU; counts of votes are exact in it."""
    if hasattr(value, 'detach'):
        value = value.detach().float().cpu().numpy()
    # A copy: a view would keep the whole batch alive.
    return np.array(value, dtype=np.float32)


def _integer(value: Any) -> int:
    """Return a label that may be a tensor of one; -1 for none or many."""
    if value is None:
        return -1
    flat = np.asarray(value).reshape(-1)
    return int(flat[0]) if len(flat) == 1 else -1


def _table(rows: list, classes: tuple[str, ...]) -> PredictionTable:
    if not rows:
        raise ValueError('no predictions to evaluate; the test set is empty.')
    votes = truth = None
    if any(row['votes'] is not None for row in rows):
        none = np.zeros(len(classes), dtype=np.float32)
        votes = np.stack([none if row['votes'] is None else row['votes']
                          for row in rows])
    if all(row['truth'] is not None for row in rows):
        truth = np.stack([row['truth'] for row in rows])
    channels = {name: np.array([row['channels'][name] for row in rows])
                for name in rows[0]['channels']}
    columns = {name: np.array([row[name] for row in rows])
               for name in ('image_id', 'corruption', 'severity', 'label',
                            'eval_label')}
    scores = np.stack([row['member_scores'] for row in rows])
    return PredictionTable(member_scores=scores, classes=classes, votes=votes,
                           truth=truth, channels=channels, **columns)
