"""Action units that a detector has written into a table."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path

import numpy as np
from mmcv.transforms import BaseTransform
from mmengine.logging import print_log
from mmpretrain.registry import TRANSFORMS

from ..synthetic import ACTION_UNITS
from ..table_checks import (
    parse_numbers,
    rows_like_it,
    shown,
    some,
    to_numbers,
)
from ..tables import Table, read_table
from .corrupt import image_id

# OpenFace: AU04_r is an intensity. AU04 is taken for a probability.
_COLUMN = re.compile('AU0?([0-9]{1,2})(_r)?', re.IGNORECASE)
_MAX_INTENSITY = 5.
# The intensity that counts as certain: one that FACS calls pronounced.
_CERTAIN_INTENSITY = 3.


@TRANSFORMS.register_module()
class LoadActionUnits(BaseTransform):
    """Add the action units (AUs) of an image from a table.

    The table has a column ``img_path``, the ``image_id`` of the data set's
    items, and columns in the style of OpenFace: ``AU04_r``, an intensity I
    from 0 to 5 that becomes ``min(1, I / 3)``, or ``AU04``, a probability.
    Rows where a column ``success`` is 0, empty cells and AUs without a column
    are not known; other columns are left alone.

    Added key: ``aus`` float32 (K,) in [0, 1], NaN where not known, in the
    order of ``ACTION_UNITS``. They stay true when an image is flipped.

    Without the table images have no AUs, which is said once in the log.

    Args:
        ann_file (str): The table; CSV, TSV, JSON lines or Parquet.

    Raises:
        ValueError: If the table has no ``img_path`` or no AU, or a value is
            out of range.
    """

    def __init__(self, ann_file: str | os.PathLike) -> None:
        self.ann_file = str(ann_file)
        self._values = np.empty((0, len(ACTION_UNITS)), dtype=np.float32)
        self._rows: dict[str, int] = {}
        if not Path(ann_file).is_file():
            print_log(
                f'LoadActionUnits: {ann_file} not found; images come without '
                'action units.',
                logger='current',
                level=logging.WARNING)
            return
        table = read_table(ann_file)
        self._values = _read_values(table)
        self._rows = _index(table)

    def transform(self, results: dict) -> dict:
        """Add ``aus`` to the results if the table names the image."""
        row = self._rows.get(image_id(results))
        if row is not None:
            results['aus'] = self._values[row].copy()
        return results

    def __repr__(self) -> str:
        return (f'{type(self).__name__}(ann_file={self.ann_file!r}, '
                f'{len(self._rows)} images)')


def _index(table: Table) -> dict[str, int]:
    """Place of each image."""
    found: dict[str, int] = {}
    for place, path in enumerate(table.columns['img_path']):
        name = str(path).strip().replace('\\', '/')
        if not name:
            raise ValueError(f'{table.source} row {table.rows[place]}, '
                             'img_path: empty; expected the id of an image.')
        first = found.setdefault(name, place)
        if first != place:
            raise ValueError(
                f'{table.source}: rows {table.rows[first]} and '
                f"{table.rows[place]} both name '{shown(name)}'; keep the "
                'one of the face that is looked at.')
    return found


def _read_values(table: Table) -> np.ndarray:
    """Return ``(N, K)`` probabilities of the AUs, NaN where not known."""
    found = {}
    for name in table.columns:
        match = _COLUMN.fullmatch(name)
        if match and int(match[1]) in ACTION_UNITS:
            found[name] = ACTION_UNITS.index(int(match[1]))
    if 'img_path' not in table.columns or not found:
        raise ValueError(
            f'{table.source} has the columns {some(list(table.columns))}; '
            'expected img_path and action units such as AU04_r.')
    if len(set(found.values())) < len(found):
        raise ValueError(f'{table.source}: {", ".join(found)} name an action '
                         'unit twice; keep one column of each.')
    values = np.full((len(table.rows), len(ACTION_UNITS)), np.nan,
                     dtype=np.float32)
    for name, column in found.items():
        values[:, column] = _read_column(table, name)
    if 'success' in table.columns:
        success = parse_numbers([[cell] for cell in table.columns['success']],
                                table.rows, ['success'], table.source)
        values[success[:, 0] == 0] = np.nan
    return values


def _read_column(table: Table, name: str) -> np.ndarray:
    cells = table.columns[name]
    empty = np.array([str(cell).strip() in ('', 'None') for cell in cells],
                     dtype=bool)
    numbers = to_numbers(cells)
    intensity = name.lower().endswith('_r')
    highest = _MAX_INTENSITY if intensity else 1.
    bad = ~empty & ~((numbers >= 0) & (numbers <= highest))
    if bad.any():
        raise ValueError(
            f"{table.source} row {table.rows[bad][0]}, {name}: "
            f"'{shown(cells[bad.argmax()])}'; expected a number from 0 to "
            f'{highest:g}. {rows_like_it(table.rows[bad].tolist())}')
    return np.minimum(1., numbers / _CERTAIN_INTENSITY) \
        if intensity else numbers
