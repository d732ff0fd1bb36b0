"""One test from parts that were run apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from .prediction_table import PredictionTable

# Other hardware rounds differently, half precision most of all; another
# model differs by more on some image.
_TOLERANCE = 0.02


def merge_tables(parts: Sequence[PredictionTable],
                 names: Sequence[str]) -> PredictionTable:
    """Put together the parts of one test, such as some corruptions each.

    Every part holds the same clean images. They show that all parts are of
    one model, and are taken from the first part.

    Args:
        parts (Sequence[PredictionTable]): At least one.
        names (Sequence[str]): What messages call them.

    Returns:
        PredictionTable: Each (image, corruption, severity) once.

    Raises:
        ValueError: If parts differ in classes, members, channels or clean
            images, the same row has other scores or another label, or an
            image is missing in a corruption. The message names the part.
    """
    merged = parts[0]
    for part, name in zip(parts, names):
        _check_alike(merged, part, names[0], name)
        place = _index(merged).get_indexer(_index(part))
        known = place >= 0
        _check_equal(merged, part, place, names[0], name)
        merged = _concatenate([merged, part.select(~known)])
    _check_complete(merged)
    return merged


def _index(table: PredictionTable) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays(
        [table.image_id, table.corruption, table.severity])


def _check_alike(first: PredictionTable, part: PredictionTable,
                 first_name: str, name: str) -> None:
    for what, describe in _ALIKE.items():
        expected, found = describe(first), describe(part)
        if found != expected:
            raise ValueError(f'{name}: {what} {found}; {first_name} has '
                             f'{expected}. They are not parts of one test.')
    images, expected = ({*table.clean().image_id} for table in (part, first))
    if not images:
        raise ValueError(f'{name} has no clean images, which show that it is '
                         'of the same model. Test it with '
                         'include_clean=True.')
    different = sorted(images ^ expected)
    if different:
        raise ValueError(
            f'{name} and {first_name} have different clean images: '
            f'{len(different)} are in one only, such as {different[0]!r}. '
            'They are not parts of one test.')


_ALIKE: dict[str, Any] = {
    'classes': lambda table: ', '.join(table.classes),
    'number of members': lambda table: table.num_members,
    'channels': lambda table: sorted(table.channels),
    'votes': lambda table: table.votes is not None,
    'true distribution': lambda table: table.truth is not None,
    'actions': lambda table: table.action is not None,
}


def _check_equal(merged: PredictionTable, part: PredictionTable,
                 place: np.ndarray, first_name: str, name: str) -> None:
    """Compare the rows that are in both."""
    known = np.flatnonzero(place >= 0)
    there = place[known]
    away = np.abs(merged.member_scores[there] -
                  part.member_scores[known]).max((1, 2))
    wrong = ((away > _TOLERANCE)
             | (merged.label[there] != part.label[known])
             | (merged.eval_label[there] != part.eval_label[known]))
    if wrong.any():
        row = known[wrong.argmax()]
        raise ValueError(
            f'{name}: image {str(part.image_id[row])!r} '
            f'({part.corruption[row]}, severity {part.severity[row]}) has '
            f'other scores or another label than in {first_name} or before '
            f'({int(wrong.sum())} of {len(known)} rows). Test every part '
            'with the same checkpoint and data.')


def _check_complete(table: PredictionTable) -> None:
    number = int(table.is_clean.sum())
    variants = pd.Series(table.corruption).str.cat(
        pd.Series(table.severity).astype(str), ', severity ')
    counts = variants.value_counts()
    short = counts[counts != number]
    if len(short):
        raise ValueError(
            f'{short.index[0]}: {short.iloc[0]} of {number} images. A part '
            'is incomplete, or was run on other images.')


def _concatenate(tables: Sequence[PredictionTable]) -> PredictionTable:
    arrays: dict[str, Any] = {}
    for field in fields(PredictionTable):
        values = [getattr(table, field.name) for table in tables]
        if field.name not in ('classes', 'channels'):
            arrays[field.name] = (None if values[0] is None else
                                  np.concatenate(values))
    channels = {name: np.concatenate([t.channels[name] for t in tables])
                for name in tables[0].channels}
    return PredictionTable(classes=tables[0].classes, channels=channels,
                           **arrays)
