"""Reading tables from disk into columns, without judging what they mean."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .image_files import raise_if_lfs_pointer
from .table_checks import some

__all__ = ['Table', 'read_array', 'read_table']

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
    readers = {
        '.csv': _read_csv,
        '.tsv': _read_csv,
        '.txt': _read_csv,
        '.jsonl': _read_jsonl,
        '.parquet': _read_parquet,
    }
    if path.suffix.lower() not in readers:
        raise ValueError(f'{path.name}: no table this reads; expected one of '
                         f'{", ".join(readers)}, or an .npy array.')
    raise_if_lfs_pointer(path)
    try:
        return readers[path.suffix.lower()](path)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f'{path.name} is not UTF-8 text: {error}. Save it '
                         'as UTF-8.') from error


def read_array(path: str | os.PathLike,
               paths_file: str | os.PathLike) -> tuple[np.ndarray, list[str]]:
    """Read an (N, C) ``npy`` array and the text file of its N image paths.

    Nothing pickled is read.

    Raises:
        FileNotFoundError: If one of the files is not there.
        ValueError: If the array is damaged, pickled or not (N, C), or the
            number of paths is another.
    """
    for file in (path, paths_file):
        if not Path(file).is_file():
            raise FileNotFoundError(f'{file} not found; an .npy table needs '
                                    'the array and paths_file.')
        raise_if_lfs_pointer(file)
    name = Path(path).name
    try:
        values = np.load(path, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise ValueError(f'{name} is no plain npy array: {error}') from error
    text = Path(paths_file).read_text(encoding='utf-8-sig')
    paths = [line.strip() for line in text.splitlines() if line.strip()]
    if values.ndim != 2 or values.dtype.kind not in 'iuf':
        raise ValueError(f'{name}: array of shape {values.shape} and type '
                         f'{values.dtype}; expected numbers (N, C).')
    if len(values) != len(paths):
        raise ValueError(f'{name} has {len(values):,} rows and '
                         f'{Path(paths_file).name} {len(paths):,} paths; '
                         'expected one path per row.')
    return values, paths


def _read_csv(path: Path) -> Table:
    with open(path, newline='', encoding='utf-8-sig') as file:
        first = file.readline()
        delimiter = max(_DELIMITERS, key=first.count)
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter)
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header)
        rows, cells, short = [], [], []
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            rows.append(reader.line_num)
            cells.append(row)
            if len(row) != len(header):
                short.append(reader.line_num)
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


def _check_header(path: Path, header: list[str]) -> None:
    doubled = sorted({name for name in header if header.count(name) > 1})
    if not header or doubled:
        what = f'{", ".join(doubled)} twice' if doubled else 'no header'
        raise ValueError(f'{path.name}: {what}; expected one line of distinct '
                         'column names, such as '
                         'img_path,vote_neutral,vote_happiness,...')


def _read_jsonl(path: Path) -> Table:
    """One object per line; ``votes`` and ``probs`` are objects by class."""
    records: list[dict[str, Any]] = []
    rows = []
    with open(path, encoding='utf-8-sig') as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                records.append(_flatten(path, number, line))
                rows.append(number)
    names = dict.fromkeys(name for record in records for name in record)
    columns = {}
    for name in names:
        default = 0 if name.startswith(('vote_', 'prob_')) else ''
        columns[name] = [record.get(name, default) for record in records]
    return Table(path.name, columns, np.array(rows, dtype=int), sparse=True)


def _flatten(path: Path, number: int, line: str) -> dict[str, Any]:
    where = f'{path.name} row {number}'
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f'{where}: no JSON ({error}).') from error
    if not isinstance(record, dict):
        raise ValueError(f'{where}: expected an object with img_path and '
                         f'votes, found {line.strip()[:40]}.')
    flat = {}
    for key, value in record.items():
        if key not in ('votes', 'probs'):
            flat[key] = value
            continue
        if not isinstance(value, dict):
            raise ValueError(f'{where}, {key}: expected an object by class '
                             f'name, found {str(value)[:40]}.')
        flat.update({f'{key[:-1]}_{name}': x for name, x in value.items()})
    return flat


def _read_parquet(path: Path) -> Table:
    try:
        from pyarrow import ArrowInvalid, parquet
    except ImportError as error:
        raise ImportError(f'{path.name}: Parquet needs pyarrow; run "pip '
                          'install pyarrow", or write CSV.') from error
    try:
        content = parquet.ParquetFile(path).read()
    except (ArrowInvalid, OSError) as error:
        raise ValueError(f'{path.name} is no Parquet file, or a damaged one: '
                         f'{error}') from error
    columns = {
        name.strip(): content.column(name).to_pylist()
        for name in content.column_names
    }
    for key in ('votes', 'probs'):
        if key in columns:
            metadata = content.schema.metadata or {}
            columns.update(
                _spread(path, key, columns.pop(key), metadata))
    rows = np.arange(1, content.num_rows + 1)
    return Table(path.name, columns, rows)


def _spread(path: Path, key: str, cells: list, metadata: dict) -> dict:
    """A list column to one column per class named in the file's metadata."""
    if b'classes' not in metadata:
        raise ValueError(f"{path.name}: list column '{key}' needs the key "
                         "'classes' in the file's metadata, a JSON list of "
                         'class names.')
    names = json.loads(metadata[b'classes'])
    wrong = [
        number for number, cell in enumerate(cells, start=1)
        if cell is None or len(cell) != len(names)
    ]
    if wrong:
        raise ValueError(f'{path.name} row {wrong[0]}, {key}: expected '
                         f'{len(names)} numbers, one per class. '
                         f'{len(wrong):,} rows like it ({some(wrong)}).')
    return {
        f'{key[:-1]}_{name}': [cell[index] for cell in cells]
        for index, name in enumerate(names)
    }
