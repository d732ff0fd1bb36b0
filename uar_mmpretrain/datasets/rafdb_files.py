"""The files of RAF-DB: the list and distributions."""

from __future__ import annotations

import posixpath
from pathlib import Path

import numpy as np

from .categories import OWN_ORDERS
from .label_checks import fold_doubles
from .records import LabelRecords
from .table_checks import (
    check_label_range,
    clean_paths,
    parse_numbers,
    rows_like_it,
    shown,
    some,
)
from .text_files import read_lines

__all__ = ['read_distributions', 'read_list']

_CLASSES = OWN_ORDERS['rafdb']
_SUBSETS = ('train_', 'test_')


def read_list(path: Path, image_folder: str) -> LabelRecords:
    """Read ``list_patition_label.txt``: ``train_00001.jpg 5`` per line.

    Labels count from 1. A third field, which some copies have, is ignored;
    the last line need not end in a newline.

    Raises:
        FileNotFoundError: If the list is not there.
        ValueError: If a line is not a name and a label 1..7.
    """
    lines = _fields(path)
    short = [row for row, fields in lines if len(fields) not in (2, 3)]
    if short:
        raise ValueError(f'{path.name} row {short[0]}: expected an image name '
                         f'and a label 1..7. {len(short):,} rows like it '
                         f'({some(short)}).')
    rows = np.array([row for row, _ in lines], dtype=np.int64)
    labels = parse_numbers([fields[1:2] for _, fields in lines], rows,
                           ['label'], path.name)[:, 0]
    # Some lists passed on count from 0, and must not shift every class.
    check_label_range(
        labels, rows, _CLASSES, f'{path.name} row {{row}}, label', base=1)
    paths = clean_paths([_aligned(fields[0]) for _, fields in lines], rows,
                        path.name, image_folder)
    _check_subsets(path, paths, rows)
    return fold_doubles(
        LabelRecords(
            source=path.name,
            paths=paths,
            rows=rows,
            classes=_CLASSES,
            labels=labels.astype(np.int64) - 1))


def read_distributions(path: Path, records: LabelRecords) -> LabelRecords:
    """Add ``test_0001.jpg p1 ... p7`` per line to the records.

    Columns are taken in RAF-DB's order, surprise to neutral; whether that
    is so shows in how often their top is the label of the list.

    Raises:
        FileNotFoundError: If the file is not there.
        ValueError: If a line is not a name and seven numbers, or an image of
            the records has no line.
    """
    lines = _fields(path)
    width = 1 + len(_CLASSES)
    short = [row for row, fields in lines if len(fields) != width]
    if short:
        raise ValueError(f'{path.name} row {short[0]}: expected an image name '
                         f'and {len(_CLASSES)} numbers ({", ".join(_CLASSES)})'
                         f'. {len(short):,} rows like it ({some(short)}).')
    rows = np.array([row for row, _ in lines], dtype=np.int64)
    probs = parse_numbers([fields[1:] for _, fields in lines], rows, _CLASSES,
                          path.name)
    index: dict[str, int] = {}
    for i, (_, fields) in enumerate(lines):
        first = index.setdefault(_aligned(fields[0]), i)
        if not np.array_equal(probs[first], probs[i]):
            raise ValueError(
                f'{path.name}: rows {rows[first]} and {rows[i]} both name '
                f'{shown(fields[0])} with different numbers. Remove one.')
    names = [posixpath.basename(name) for name in records.paths]
    without = [name for name in names if name not in index]
    if without:
        raise ValueError(f'{path.name}: no line for {len(without):,} of '
                         f'{len(names):,} images ({some(without)}).')
    order = np.array([index[name] for name in names])
    return records.replace(
        source=path.name, probs=probs[order], rows=rows[order])


def _fields(path: Path) -> list[tuple[int, list[str]]]:
    """Row number and blank-separated fields of every line with text."""
    if not path.is_file():
        raise FileNotFoundError(
            f'{path} not found. data_root is the folder that holds EmoLabel '
            'and Image, often called basic or raf-basic.')
    return [(row, line.split())
            for row, line in enumerate(read_lines(path), start=1)
            if line.strip()]


def _check_subsets(path: Path, names: list[str], rows: np.ndarray) -> None:
    """Images of neither subset would be in no split."""
    lost = [row for row, name in zip(rows, names)
            if not posixpath.basename(name).startswith(_SUBSETS)]
    if lost:
        raise ValueError(
            f'{path.name} row {lost[0]}: expected a name that begins with '
            f'{" or ".join(_SUBSETS)}. {rows_like_it(lost)}')


def _aligned(name: str) -> str:
    """Name of the aligned image; lists leave ``_aligned`` out."""
    stem, suffix = posixpath.splitext(name)
    return name if stem.endswith('_aligned') else f'{stem}_aligned{suffix}'
