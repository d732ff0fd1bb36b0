"""Rows of a prediction table from data samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..functional import PredictionTable
from ..functional.prediction_table import CLEAN


def to_row(sample: dict) -> dict:
    """Reduce a data sample to what a table holds.

    Args:
        sample (dict): See :class:`.MemberScoresMetric`.

    Returns:
        dict: Its values, on the CPU.

    Raises:
        KeyError: If it has no name or no scores.
    """
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
        excluded=tuple(sample.get('excluded_members', ())),
        member_scores=_array(scores))


def to_table(rows: list, classes: tuple[str, ...],
             excluded: Sequence[int] = ()) -> PredictionTable:
    """Put rows together.

    Args:
        rows (list[dict]): From :func:`to_row`.
        classes (tuple[str, ...]): C names.
        excluded (Sequence[int]): Members to leave out.

    Returns:
        PredictionTable: Of all rows.

    Raises:
        ValueError: If there are none, or their values are none a table has.
    """
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
    scores = np.delete(scores, list(excluded), axis=1)
    return PredictionTable(member_scores=scores, classes=classes, votes=votes,
                           truth=truth, channels=channels, **columns)


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
