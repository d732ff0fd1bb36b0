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
from .excluded_members import excluded_members
from .rows import to_row, to_table


class MemberScoresMetric(BaseMetric):
    """Gather member scores of a whole test and report on them.

    Accumulates one small row per data sample; mmengine gathers the rows of
    all processes. After an evaluation the main process finds what did not go
    into the returned values in ``details``, ``notes`` and ``table``, and in
    ``excluded`` which members were left out, if any.

    A data sample needs ``image_id`` (else ``img_path``) and ``pred_score``;
    ``member_scores``
    ``(M, C)`` (a single member without), ``gt_votes``, ``gt_label``,
    ``eval_label`` (else ``gt_label``), ``corruption`` and ``severity`` (else
    clean), ``true_distribution`` and ``channels`` (a dict of floats) are
    used where they are. A member in ``excluded_members`` of any of them is
    left out of all.

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
        self.excluded: str | None = None
        self._size: int | None = None

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
            samples, rows = [*data_samples], [*map(to_row, data_samples)]
            MemberScoresMetric._latest = samples, rows
        self.results.extend(rows)

    def evaluate(self, size: int) -> dict[str, float]:
        """Gather the rows of all processes and report on them.

        Args:
            size (int): Number of images; of those that a sampler repeated to
                give every process equally many, one each is kept.

        Raises:
            ValueError: If images are missing, or as the report raises.
        """
        self._size = size
        return super().evaluate(size)

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Build the table and report on it.

        Args:
            results (list): Rows of all processes.

        Returns:
            dict[str, float]: The report's values.
        """
        if self._size not in (None, len(results)):
            raise ValueError(
                f'{len(results):,} of {self._size:,} images were predicted. '
                'Set drop_last=False in the dataloader, and a sampler that '
                'gives every image (DefaultSampler).')
        classes = self._class_names(results)
        excluded, self.excluded = excluded_members(results)
        table = to_table(results, classes, excluded)
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
