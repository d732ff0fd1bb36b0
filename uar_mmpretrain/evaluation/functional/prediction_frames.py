"""Files of predictions as data frames, nothing passed over."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import pandas as pd

_TEXT = ('path', 'corruption', 'action')


def read_frame(path: Path) -> pd.DataFrame:
    """Read a ``.parquet`` or ``.csv`` file.

    Args:
        path (Path): The file.

    Returns:
        pd.DataFrame: Its columns by name.

    Raises:
        ValueError: If the file is damaged, a row has a field too many, or a
            column stands there twice.
    """
    try:
        frame = (_read_parquet if path.suffix == '.parquet' else
                 _read_csv)(path)
    # pyarrow and pandas raise whatever they stumble over.
    except Exception as error:
        raise ValueError(f'{path}: {str(error)[:200]}') from error
    doubled = frame.columns[frame.columns.duplicated()]
    if len(doubled):
        raise ValueError(f'{path}: the column {doubled[0]!r} stands there '
                         'twice; keep one.')
    return frame


def _read_parquet(path: Path) -> pd.DataFrame:
    from pyarrow import parquet
    # Without what pandas writes besides, so that columns are columns.
    with parquet.ParquetFile(path) as file:
        return file.read().to_pandas(ignore_metadata=True)


def _read_csv(path: Path) -> pd.DataFrame:
    with open(path, newline='', encoding='utf-8-sig') as file:
        # pandas would rename a doubled column.
        names = next(csv.reader(file), [])
        if any('\0' in line for line in file):
            # numpy cuts it off the end of a name.
            raise ValueError('it holds zero bytes; it is damaged.')
    with warnings.catch_warnings():
        # Without a word it would cut off a field too many.
        warnings.simplefilter('error', pd.errors.ParserWarning)
        # Names such as 'NA' or '007' are names, and digits are exact.
        frame = pd.read_csv(
            path, dtype=dict.fromkeys(_TEXT, str), keep_default_na=False,
            float_precision='round_trip', index_col=False)
    if len(names) != len(frame.columns):
        # Such as a blank line above the header, which pandas passes over.
        raise ValueError('its first line does not name its columns.')
    frame.columns = names
    return frame
