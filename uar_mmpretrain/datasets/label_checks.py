"""Checks of the labels of whole images, each with its message.

Errors are raised once, with the number of findings and the first of them;
what is no error becomes a note of the records, which their summary shows.
"""

from __future__ import annotations

import numpy as np

from .records import LabelRecords
from .table_checks import counted, rows_like_it, some

__all__ = [
    'check_labels_agree', 'check_not_empty', 'check_shares',
    'drop_without_votes', 'fold_doubles'
]

# Probabilities: an error above the first, renormalised with a note above
# the second, silent below.
_SUM_ERROR, _SUM_WARNING = 1e-2, 1e-4
_MAX_SHARE_WITHOUT_VOTES = 0.05
_MAX_SHARE_DIFFERING = 0.5


def check_not_empty(records: LabelRecords, what: str) -> None:
    """Refuse records without an image.

    Raises:
        ValueError: If there is none; ``what`` says what was looked for.
    """
    if not len(records):
        raise ValueError(f'{records.source} names no image{what}.')


def check_shares(records: LabelRecords) -> LabelRecords:
    """Check that votes are there and that probabilities sum to one.

    Returns:
        The records; probabilities off by 1e-4 to 0.01 are renormalised. A
        note says so, and if all rows are one-hot.

    Raises:
        ValueError: If all votes of a row are 0, or probabilities of a row
            are off by more than 0.01.
    """
    if records.votes is not None:
        _check_votes(records)
        return _note_one_hot(records)
    if records.probs is None:
        return records
    sums = records.probs.sum(axis=1)
    if records.extra_votes is not None:
        sums = sums + records.extra_votes.sum(axis=1)
    off = np.abs(sums - 1)
    bad = off > _SUM_ERROR
    if bad.any():
        where = records.rows[bad]
        raise ValueError(
            f'{records.source} row {where[0]}: probabilities sum to '
            f'{sums[bad][0]:g}; expected 1. {rows_like_it(where)} If these '
            "are votes, set values='votes' or name the columns vote_<class>.")
    records = records.replace(probs=records.probs / sums[:, None])
    slight = int((off > _SUM_WARNING).sum())
    if slight:
        records = records.with_notes(
            f'{records.source}: {slight:,} rows sum to 1 +- {off.max():.2g} '
            'and were renormalised.')
    return _note_one_hot(records)


def check_labels_agree(records: LabelRecords) -> LabelRecords:
    """Compare hard labels with the winners of votes or probabilities.

    Returns:
        The records, with a note if some differ.

    Raises:
        ValueError: If more than half differ: then a class order is wrong.
    """
    soft = records.votes if records.votes is not None else records.probs
    if soft is None or records.labels is None:
        return records
    # A tie agrees with each of its winners.
    own = soft[np.arange(len(soft)), records.labels]
    differ = own < soft.max(axis=1)
    if differ.mean() > _MAX_SHARE_DIFFERING:
        raise ValueError(
            f'{records.source}: label and the top of the distribution differ '
            f'in {differ.mean():.0%} of the {len(differ):,} rows: the class '
            'order of one of them is wrong.')
    if not differ.any():
        return records
    return records.with_notes(
        f'{records.source}: label and the top of the distribution differ in '
        f'{differ.sum():,} of {len(differ):,} rows.')


def drop_without_votes(records: LabelRecords) -> LabelRecords:
    """Leave out images on which nobody named a class, and say so.

    Raises:
        ValueError: If they are more than 5 % of the images.
    """
    empty = records.shares.sum(axis=1) == 0
    if not empty.any():
        return records
    names = [records.paths[i] for i in np.flatnonzero(empty)]
    extra = '/'.join(records.extra_names)
    if empty.mean() > _MAX_SHARE_WITHOUT_VOTES:
        raise ValueError(
            f'{records.source}: {len(names):,} of {len(records):,} images '
            f'are without a vote for a class (all {extra}): {some(names)}. '
            'Are the columns named right?')
    return records.take(~empty).with_notes(
        f'{records.source}: left out {counted(len(names), "image")} without '
        f'a vote for a class (all {extra}): {some(names)}.')


def fold_doubles(records: LabelRecords,
                 keep_first: bool = False) -> LabelRecords:
    """Keep the first row of every image named more than once.

    Args:
        records: N images.
        keep_first: Allow rows of one image to differ; else they must agree.

    Raises:
        ValueError: If rows of one image differ and ``keep_first`` is False.
    """
    first: dict[str, int] = {}
    notes, differing, keep = [], [], np.ones(len(records), dtype=bool)
    for index, path in enumerate(records.paths):
        other = first.setdefault(path, index)
        if other == index:
            continue
        keep[index] = False
        if _same_labels(records, other, index):
            notes.append(f'{records.source}: {path} is listed twice with '
                         'equal labels; one row kept.')
            continue
        differing.append(f'{records.source}: rows {records.rows[other]} and '
                         f'{records.rows[index]} both name {path} with '
                         'different labels')
    if differing and not keep_first:
        raise ValueError(f'{differing[0]} ({len(differing)} such pairs). '
                         'Remove one, or give each picture its own file.')
    notes += [f'{text}; the first is kept.' for text in differing]
    if keep.all():
        return records
    return records.take(keep).with_notes(*notes)


def _note_one_hot(records: LabelRecords) -> LabelRecords:
    if ((records.shares > 0).sum(axis=1) > 1).any():
        return records
    return records.with_notes(
        f'{records.source}: every row names one class only: these are hard '
        'labels, and uncertainty cannot be validated against them.')


def _check_votes(records: LabelRecords) -> None:
    total = records.votes.sum(axis=1)
    if records.extra_votes is not None:
        total = total + records.extra_votes.sum(axis=1)
    if (total == 0).any():
        where = records.rows[total == 0]
        raise ValueError(
            f'{records.source} row {where[0]} ({_path_of(records, where[0])})'
            f': all votes are 0; expected at least one. '
            f'{rows_like_it(where)} Remove such rows, or add the votes.')


def _same_labels(records: LabelRecords, one: int, other: int) -> bool:
    return all(
        values is None or np.array_equal(values[one], values[other])
        for values in (records.votes, records.probs, records.labels,
                       records.extra_votes))


def _path_of(records: LabelRecords, row: int) -> str:
    return records.paths[int(np.flatnonzero(records.rows == row)[0])]
