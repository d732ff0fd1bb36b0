"""Checks of the cells and paths of a label file, each with its message.

All findings of one kind are collected, then raised once with their number
and the first rows, counted from 1 with the header as an editor shows them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

import numpy as np

__all__ = [
    'check_choice', 'check_label_range', 'clean_paths', 'counted',
    'parse_numbers', 'rows_like_it', 'shown', 'some', 'to_numbers'
]

_MAX_EXAMPLES = 5
_MAX_LETTERS = 80
# Beyond it sums of whole numbers are no longer exact.
_MAX_NUMBER = 2.**53
# Absolute, a drive letter, or up and out of the root.
_OUTSIDE = re.compile(r'/|[A-Za-z]:|\.\.(/|$)')
# Control characters, and half characters that no file system takes.
_UNWRITABLE = re.compile('[\x00-\x1f\x7f\ud800-\udfff]')


def some(values: Sequence) -> str:
    """The first five values, and how many more there are."""
    text = ', '.join(shown(value) for value in values[:_MAX_EXAMPLES])
    more = len(values) - _MAX_EXAMPLES
    return text + (f' and {more:,} more' if more > 0 else '')


def shown(value: object) -> str:
    """What was found, for a message: on one line, and not the whole file."""
    text = str(value)
    if len(text) > _MAX_LETTERS:
        text = f'{text[:_MAX_LETTERS]}...'
    return _UNWRITABLE.sub('?', text)


def counted(number: int, noun: str) -> str:
    """``1 image``, ``2,536 images``."""
    return f'{number:,} {noun}' + ('' if number == 1 else 's')


def rows_like_it(rows: Sequence) -> str:
    """Say how many rows share a finding, and the first of them."""
    if len(rows) == 1:
        return 'No other row is like it.'
    return f'{len(rows):,} rows like it ({some(rows)}).'


def check_choice(name: str, value: object, choices: tuple) -> None:
    """Refuse an option that is none of the choices.

    Raises:
        ValueError: If it is not; lists the choices.
    """
    if value not in choices:
        raise ValueError(f'{name}={value!r}; expected one of '
                         f'{", ".join(map(repr, choices))}.')


def parse_numbers(cells: Sequence[Sequence], rows: np.ndarray,
                  names: Sequence[str], source: str) -> np.ndarray:
    """Turn N x C cells into numbers from 0 to 2^53.

    Args:
        cells: N rows of C cells, text or numbers.
        rows: (N,) row numbers for messages.
        names: C column names for messages.
        source: Label file for messages.

    Returns:
        (N, C) float64.

    Raises:
        ValueError: On cells that are no number, NaN, infinite, negative or
            too large to be counted exactly.
    """
    values = to_numbers([cell for row in cells for cell in row])
    values = values.reshape(len(cells), len(names))
    bad = ~((values >= 0) & (values <= _MAX_NUMBER))
    if bad.any():
        index, column = np.argwhere(bad)[0]
        where = np.asarray(rows)[bad.any(axis=1)]
        raise ValueError(
            f'{source} row {where[0]}, {names[column]}: '
            f"'{shown(cells[index][column])}'; expected a number >= 0"
            f'{_limit(values[index, column])}. '
            f'{rows_like_it(where)}')
    return values


def to_numbers(cells: Sequence) -> np.ndarray:
    """Cells as float64, NaN where one is no number."""
    try:
        numbers = np.array(cells, dtype=np.float64)
        if numbers.ndim == 1:
            return numbers
        # Cells that are lists, all of one length.
    except (TypeError, ValueError, OverflowError):
        pass
    return np.array([_number(cell) for cell in cells], dtype=np.float64)


def clean_paths(paths: Sequence[object], rows: np.ndarray, source: str,
                folder: str = '') -> list[str]:
    """Write paths with ``/`` and check that they stay under the data root.

    Args:
        paths: N paths as the file has them.
        rows: (N,) row numbers.
        source: Label file, for the message.
        folder: Folder under the data root that the paths are relative to.

    Raises:
        ValueError: If a path is empty, absolute, leads out of the root, or
            holds a character that no file name has.
    """
    clean, bad = [], []
    for given, row in zip(paths, rows):
        path = str(given or '').strip().replace('\\', '/')
        # An empty name would be the folder itself.
        inside = posixpath.normpath(path)
        normal = posixpath.normpath(posixpath.join(folder, path))
        if (inside == '.' or _OUTSIDE.match(normal)
                or _UNWRITABLE.search(normal)):
            bad.append((row, path))
        clean.append(normal)
    if bad:
        row, path = bad[0]
        raise ValueError(
            f"{source} row {row}: '{shown(path)}' is no path inside "
            'data_root. '
            f'{rows_like_it([row for row, _ in bad])} Write paths relative '
            'to data_root, without "..".')
    return clean


def check_label_range(labels: np.ndarray, rows: np.ndarray,
                      classes: Sequence[str], where: str,
                      base: int = 0) -> None:
    """Check that labels are whole numbers from the base on, one per class.

    Args:
        labels: (N,) numbers.
        rows: (N,) row numbers.
        classes: C names, for the message.
        where: Text with ``{row}`` that names file, row and field.
        base: Number of the first class.

    Raises:
        ValueError: If one lies outside.
    """
    last = base + len(classes) - 1
    bad = ~((labels >= base) & (labels <= last) & (labels == labels // 1))
    if not bad.any():
        return
    found = rows[bad]
    hint = ''
    if labels.min() == base + 1 and labels.max() == last + 1:
        hint = (f' Labels run {base + 1}..{last + 1}: subtract one, or better '
                'write class names.')
    elif labels.min() == base - 1 and labels.max() < last:
        hint = f' Labels run from {base - 1} on: add one.'
    raise ValueError(
        f'{where.format(row=found[0])}: {labels[bad][0]:g}; the '
        f'{len(classes)} classes are {base}..{last} ({", ".join(classes)}). '
        f'{rows_like_it(found)}{hint}')


def _limit(found: float) -> str:
    return ' and <= 2^53' if found > _MAX_NUMBER else ''


def _number(cell: object) -> float:
    try:
        return float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return float('nan')
