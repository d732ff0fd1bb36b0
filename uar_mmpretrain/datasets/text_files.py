"""Text files of labels as lines and rows, with errors that name the file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from .image_files import raise_if_lfs_pointer

__all__ = ['check_distinct', 'check_width', 'read_lines', 'read_rows']


def read_lines(path: Path) -> list[str]:
    """Lines of a UTF-8 file, with or without a byte order mark.

    Only line breaks end a line: ``str.splitlines`` also breaks at control
    and Unicode characters that may stand within a name.

    Raises:
        ValueError: If it is a Git LFS pointer, or not UTF-8.
    """
    raise_if_lfs_pointer(path)
    try:
        return path.read_text(encoding='utf-8-sig').split('\n')
    except UnicodeDecodeError as error:
        raise _not_utf8(path, error) from error


def read_rows(path: Path, delimiter: str = ','
              ) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV file that are not blank.

    Yields:
        Row number as an editor shows it (the last one of a field that goes
        over several lines), and the fields.

    Raises:
        ValueError: If it is a Git LFS pointer, not UTF-8, or has a quote
            that is not closed. Left alone, such a quote would swallow the
            rows below it.
    """
    raise_if_lfs_pointer(path)
    with open(path, newline='', encoding='utf-8-sig') as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield reader.line_num, row
        except UnicodeDecodeError as error:
            raise _not_utf8(path, error) from error
        except csv.Error as error:
            raise ValueError(
                f'{path.name} row {reader.line_num}: {error}. Is a quote in '
                'or above this row not closed?') from error


def check_distinct(path: Path, names: list[str]) -> None:
    """Refuse a header that names a column twice, or no column.

    Raises:
        ValueError: If so.
    """
    doubled = sorted({name for name in names if names.count(name) > 1})
    if names and not doubled:
        return
    listed = ', '.join(name[:40] or "''" for name in doubled[:5])
    what = f'{listed} twice' if doubled else 'no header'
    raise ValueError(f'{path.name}: {what}; expected one line of distinct '
                     'column names, such as '
                     'img_path,vote_neutral,vote_happiness,...')


def check_width(path: Path, number: int, row: list[str],
                names: Sequence[str]) -> None:
    """Refuse a row that has not one field per column.

    Raises:
        ValueError: If so.
    """
    if len(row) != len(names):
        listed = ', '.join(name[:40] for name in names[:12])
        raise ValueError(f'{path.name} row {number}: {len(row)} fields; '
                         f'expected {len(names)}: {listed}.')


def _not_utf8(path: Path, error: UnicodeDecodeError) -> ValueError:
    # Its own text counts from the start of a block, and may hold all of it.
    return ValueError(f'{path.name} is not UTF-8 text: {error.reason}. Save '
                      'it as UTF-8.')
