"""Reading tables from disk into columns, without judging what they mean."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .image_files import raise_if_lfs_pointer
from .json_lines import read_json_lines
from .npy_files import load_array
from .parquet_files import read_parquet
from .table_checks import some
from .text_files import check_distinct, read_lines, read_rows

__all__ = ['Table', 'read_array', 'read_table']

_SUFFIXES = ('.csv', '.tsv', '.txt', '.jsonl', '.parquet')
_DELIMITERS = (',', ';', '\t')


@dataclass(frozen=True)
class Table:
    """Columns of N rows.

    Attributes:
        source: File name for messages.
        columns: Column name to N cells, text or numbers.
        rows: (N,) row numbers as an editor shows them, from 1.
        sparse: A column that is not there means 0 (JSON lines, where each
            object names only the classes that got votes).
        notes: Findings that are no error, as sentences.
    """

    source: str
    columns: dict[str, list]
    rows: np.ndarray
    sparse: bool = False
    notes: tuple[str, ...] = ()


def read_table(path: str | os.PathLike) -> Table:
    """Read ``.csv``, ``.tsv``, ``.txt``, ``.jsonl`` or ``.parquet``.

    Text is UTF-8 with or without a byte order mark; fields may stand between
    commas, semicolons or tabs; blanks around header names do not matter.

    Raises:
        FileNotFoundError: If the file is not there.
        ValueError: If it is a Git LFS pointer, damaged, or of another kind.
        ImportError: If it is Parquet and pyarrow is not installed.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f'{path} not found. Put the label table there, or set ann_file '
            'and data_root.')
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise ValueError(f'{path.name}: no table this reads; expected one of '
                         f'{", ".join(_SUFFIXES)}, or an .npy array.')
    raise_if_lfs_pointer(path)
    if suffix == '.parquet':
        columns, num_rows = read_parquet(path)
        return Table(path.name, columns, np.arange(1, num_rows + 1))
    if suffix == '.jsonl':
        columns, rows = read_json_lines(path)
        return Table(path.name, columns, np.array(rows, dtype=int),
                     sparse=True)
    return _read_csv(path)


def read_array(path: str | os.PathLike,
               paths_file: str | os.PathLike) -> tuple[np.ndarray, list[str]]:
    """Read an (N, C) ``npy`` array and the text file of its N image paths.

    Nothing pickled is read.

    Raises:
        FileNotFoundError: If one of the files is not there.
        ValueError: If the array is damaged, pickled or not (N, C), or the
            number of paths is another.
    """
    path, paths_file = Path(path), Path(paths_file)
    for file in (path, paths_file):
        if not file.is_file():
            raise FileNotFoundError(f'{file} not found; an .npy table needs '
                                    'the array and paths_file.')
    values = load_array(path)
    paths = [line.strip() for line in read_lines(paths_file) if line.strip()]
    if values.ndim != 2 or values.dtype.kind not in 'iuf':
        raise ValueError(f'{path.name}: array of shape {values.shape} and '
                         f'type {values.dtype}; expected numbers (N, C).')
    if len(values) != len(paths):
        raise ValueError(f'{path.name} has {len(values):,} rows and '
                         f'{paths_file.name} {len(paths):,} paths; '
                         'expected one path per row.')
    return values, paths


def _read_csv(path: Path) -> Table:
    # What does not decode here is an error when the rows are read.
    with open(path, encoding='utf-8-sig', errors='replace') as file:
        first = file.readline()
    delimiter = max(_DELIMITERS, key=first.count)
    rows, cells, header = [], [], None
    for number, row in read_rows(path, delimiter):
        if header is None:
            header = [name.strip() for name in row]
            continue
        rows.append(number)
        cells.append(row)
    header = header or []
    check_distinct(path, header)
    short = [number for number, row in zip(rows, cells)
             if len(row) != len(header)]
    if short:
        width = len(cells[rows.index(short[0])])
        raise ValueError(f'{path.name} row {short[0]}: {width} fields; '
                         f'expected {len(header)} as in the header. '
                         f'{len(short):,} rows like it ({some(short)}).')
    notes = () if delimiter == ',' else (
        f'{path.name}: fields stand between {delimiter!r}; read so.', )
    columns = {
        name: [row[index].strip() for row in cells]
        for index, name in enumerate(header)
    }
    return Table(path.name, columns, np.array(rows, dtype=int), notes=notes)
