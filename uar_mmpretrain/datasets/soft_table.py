"""What the columns of a table mean: votes, probabilities or hard labels."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .categories import CANONICAL_CLASSES, canonical_name
from .column_roles import column_roles
from .label_checks import check_not_empty
from .records import LabelRecords
from .table_checks import (
    check_choice,
    check_label_range,
    clean_paths,
    parse_numbers,
    some,
)
from .tables import Table, read_array, read_table

__all__ = ['read_soft_table']

# In ASCII: int() does not take all that str.isdigit() calls a digit.
_INDEX = re.compile('-?[0-9]{1,9}')


def read_soft_table(path: str | os.PathLike,
                    classes: tuple[str, ...] = CANONICAL_CLASSES,
                    values: str | None = None,
                    split: str | None = None,
                    paths_file: str | os.PathLike | None = None,
                    prefix: str = '') -> LabelRecords:
    """Read a table of soft labels.

    Columns: ``img_path``; then ``vote_<class>`` (counts) or
    ``prob_<class>`` (probabilities), or bare class names together with
    ``values``; and ``label`` (hard label, a class name), which may also
    stand alone. Votes under names such as ``vote_unknown`` are no class and
    are kept apart. Class names may be usual spellings (``happy``). A column
    ``split`` serves the argument of that name; other columns are ignored.

    JSON lines hold ``{"img_path": ..., "votes": {"happiness": 6}}``, or
    ``probs``. An ``npy`` array has its columns in the order of ``classes``,
    its paths in ``paths_file``, and needs ``values``.

    Args:
        path: The table.
        classes: Canonical names that must have a column.
        values: ``votes``, ``probs`` or None.
        split: Keep the rows whose ``split`` is this; None keeps all.
        paths_file: Paths of an ``npy`` array.
        prefix: Folder put before every image path.

    Raises:
        ValueError: If the table is not so; names file, row and column.
        FileNotFoundError: If it is not there.
    """
    check_choice('values', values, (None, 'votes', 'probs'))
    if Path(path).suffix.lower() == '.npy':
        table = _array_table(path, paths_file, classes, values)
    else:
        table = read_table(path)
    if 'img_path' not in table.columns:
        raise ValueError(f"{table.source}: no column 'img_path'. Found: "
                         f'{some(list(table.columns))}.')
    paths = clean_paths(table.columns['img_path'], table.rows, table.source,
                        folder=prefix)
    kind, by_class, by_extra = column_roles(table, values)
    records = LabelRecords(
        source=table.source,
        paths=paths,
        rows=table.rows,
        classes=classes,
        notes=table.notes)
    if kind is None:
        records = _hard_records(table, records)
    else:
        records = _soft_records(table, records, kind, by_class, by_extra)
    return _choose_split(table, records, split)


def _array_table(path: str | os.PathLike,
                 paths_file: str | os.PathLike | None,
                 classes: tuple[str, ...], values: str | None) -> Table:
    name = Path(path).name
    if values is None or paths_file is None:
        raise ValueError(f"{name}: an array needs values='votes' or 'probs', "
                         'and paths_file with one image path per row.')
    array, paths = read_array(path, paths_file)
    if array.shape[1] != len(classes):
        raise ValueError(f'{name}: {array.shape[1]} columns for the '
                         f'{len(classes)} classes {", ".join(classes)}.')
    columns: dict[str, list] = {'img_path': paths}
    for index, cls in enumerate(classes):
        columns[f'{values[:-1]}_{cls}'] = array[:, index].tolist()
    return Table(name, columns, np.arange(1, len(paths) + 1))


def _soft_records(table: Table, records: LabelRecords, kind: str,
                  by_class: dict[str, str],
                  by_extra: dict[str, str]) -> LabelRecords:
    missing = [cls for cls in records.classes if cls not in by_class]
    if missing and not table.sparse:
        raise ValueError(
            f"{table.source}: no column for class '{missing[0]}'. Found: "
            f'{", ".join(by_class.values()) or "none"}. Add '
            f'{kind[:-1]}_{missing[0]}, or set classes to those you have.')
    # Columns of classes the model lacks stay, so that rules see all votes.
    classes = (*by_class, *missing)
    numbers = _numbers(table, list(by_class.values()))
    numbers = np.pad(numbers, ((0, 0), (0, len(missing))))
    parts = {
        kind: numbers,
        'classes': classes,
        'extra_names': tuple(by_extra),
        'extra_votes': _numbers(table, list(by_extra.values()))
    }
    if 'label' in table.columns:
        parts['labels'] = _hard_labels(table, classes, records.classes)
    return records.replace(**parts)


def _hard_records(table: Table, records: LabelRecords) -> LabelRecords:
    if 'label' not in table.columns:
        raise ValueError(
            f'{table.source}: no votes, probabilities or labels. Found: '
            f'{some(list(table.columns))}. Add columns vote_<class>, '
            'prob_<class> or label.')
    labels = _hard_labels(table, CANONICAL_CLASSES, records.classes)
    return records.replace(classes=CANONICAL_CLASSES, labels=labels)


def _hard_labels(table: Table, columns: tuple[str, ...],
                 classes: tuple[str, ...]) -> np.ndarray:
    """Indices into ``columns`` of labels given by name, or by index.

    An index counts in ``classes``, the order of the config.
    """
    cells = [str(cell).strip() for cell in table.columns['label']]
    if cells and all(_INDEX.fullmatch(cell) for cell in cells):
        numbers = np.array([int(cell) for cell in cells])
        check_label_range(numbers, table.rows, classes,
                          f'{table.source} row {{row}}, label')
        return np.array([columns.index(cls) for cls in classes])[numbers]
    labels = []
    for cell, row in zip(cells, table.rows):
        try:
            labels.append(columns.index(canonical_name(cell)))
        except ValueError as error:
            raise ValueError(
                f'{table.source} row {row}, label: {error}') from None
    return np.array(labels, dtype=np.int64)


def _numbers(table: Table, columns: Sequence[str]) -> np.ndarray:
    cells = list(zip(*(table.columns[c] for c in columns)))
    if not columns:
        cells = [()] * len(table.rows)
    return parse_numbers(cells, table.rows, columns, table.source)


def _choose_split(table: Table, records: LabelRecords,
                  split: str | None) -> LabelRecords:
    found = [str(s).strip() for s in table.columns.get('split', [])]
    _check_split_overlap(records, found)
    if split is None:
        check_not_empty(records, '')
        return records
    if 'split' not in table.columns:
        raise ValueError(f"{table.source}: split='{split}' is asked for, and "
                         "there is no column 'split'.")
    names, counts = np.unique(found, return_counts=True)
    listed = some([f'{n} ({c:,})' for n, c in zip(names, counts)])
    records = records.take(np.array(found) == split)
    check_not_empty(records, f' of split {split!r}; splits found: {listed}')
    return records


def _check_split_overlap(records: LabelRecords, splits: list[str]) -> None:
    first: dict[str, str] = {}
    both = [
        path for path, split in zip(records.paths, splits)
        if first.setdefault(path, split) != split
    ]
    if both:
        raise ValueError(f'{records.source}: {len(both):,} images are in two '
                         f'splits (first: {some(both)}). Remove them from '
                         'one.')
