"""Parquet files as columns."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from ..files.json_text import parse_json
from .table_checks import some
from .text_files import check_distinct

__all__ = ['read_parquet']


def read_parquet(path: Path) -> tuple[dict[str, list], int]:
    """Read all columns; ``votes`` and ``probs`` may be lists by class.

    The class names of such a list stand in the metadata of the file, under
    the key ``classes``.

    Returns:
        Column name to N cells, and N.

    Raises:
        ValueError: If the file is damaged, or a list is not one number per
            class.
        ImportError: If pyarrow is not installed.
    """
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise ImportError(f'{path.name}: Parquet needs pyarrow; run "pip '
                          'install pyarrow", or write CSV.') from error
    try:
        with parquet.ParquetFile(path) as file:
            _check_num_rows(path, file.metadata.num_rows)
            content = file.read()
        # By place: a doubled name has no column of its own.
        cells = [column.to_pylist() for column in content.columns]
    except (ArrowException, OSError, ValueError, TypeError,
            OverflowError) as error:
        raise ValueError(f'{path.name} is no Parquet file, or a damaged one: '
                         f'{str(error)[:200]}') from error
    names = [name.strip() for name in content.column_names]
    check_distinct(path, names)
    columns = dict(zip(names, cells))
    for key in ('votes', 'probs'):
        if key in columns:
            spread = _spread(path, key, columns.pop(key),
                             content.schema.metadata or {})
            check_distinct(path, [*columns, *spread])
            columns.update(spread)
    return columns, content.num_rows


def _check_num_rows(path: Path, num_rows: int) -> None:
    """Refuse a small file that unpacks to billions of equal rows.

    Every row names another image: that takes a bit each, however packed.
    """
    size = path.stat().st_size
    if num_rows > 8 * size:
        raise ValueError(f'{num_rows:,} rows in {size:,} bytes cannot name '
                         'an image each.')


def _spread(path: Path, key: str, cells: list, metadata: dict) -> dict:
    """A list column to one column per class named in the file's metadata."""
    names = _class_names(path, key, metadata)
    wrong = [
        number for number, cell in enumerate(cells, start=1)
        if not isinstance(cell, list) or len(cell) != len(names)
    ]
    if wrong:
        raise ValueError(f'{path.name} row {wrong[0]}, {key}: expected '
                         f'{len(names)} numbers, one per class. '
                         f'{len(wrong):,} rows like it ({some(wrong)}).')
    return {
        f'{key[:-1]}_{name}': [cell[index] for cell in cells]
        for index, name in enumerate(names)
    }


def _class_names(path: Path, key: str, metadata: dict) -> list[str]:
    names: Any = None
    with suppress(ValueError):
        names = parse_json(metadata.get(b'classes', b'').decode())
    if not isinstance(names, list) or not all(
            isinstance(name, str) for name in names):
        raise ValueError(f"{path.name}: list column '{key}' needs the key "
                         "'classes' in the file's metadata, a JSON list of "
                         'class names.')
    check_distinct(path, names)
    return names
