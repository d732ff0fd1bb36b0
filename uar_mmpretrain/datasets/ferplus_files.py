"""The files of FER+: where they lie, and how they are read."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .categories import OWN_ORDERS
from .image_files import list_names, raise_if_lfs_pointer
from .label_checks import check_not_empty, fold_doubles
from .records import LabelRecords
from .table_checks import clean_paths, counted, parse_numbers

__all__ = ['FERPlusLayout', 'read_ferplus', 'split_folder']

_FOLDERS = {
    'train': ('FER2013Train', 'Training'),
    'val': ('FER2013Valid', 'PublicTest'),
    'test': ('FER2013Test', 'PrivateTest'),
}
_CLASSES = OWN_ORDERS['ferplus']
_EXTRA = ('unknown', 'NF')
_COLUMNS = (*_CLASSES, *_EXTRA)


def split_folder(split: str) -> str:
    """Folder name of a split, the same in every layout."""
    return _FOLDERS[split][0]


@dataclass(frozen=True)
class FERPlusLayout:
    """Which files of a FER+ copy are used.

    Attributes:
        name: ``A``, ``B`` or ``C``, see :class:`FERPlus`.
        label_path: The label file.
        image_folder: Folder of the split's images, relative to the root.
    """

    name: str
    label_path: Path
    image_folder: str

    @classmethod
    def detect(cls, root: str, split: str, label_file: str) -> FERPlusLayout:
        """Look which layout lies under a folder.

        Args:
            root: Folder of the data set.
            split: ``train``, ``val`` or ``test``.
            label_file: ``auto``, ``label.csv`` or ``fer2013new.csv``.

        Raises:
            FileNotFoundError: If no label file is there; lists the places.
        """
        base, folder = Path(root), split_folder(split)
        inner = f'Images/{folder}' if (base / 'Images').is_dir() else folder
        places = [
            cls('A', base / folder / 'label.csv', inner),
            cls('C', base / 'Labels' / folder / 'label.csv', inner),
            cls('B', base / 'fer2013new.csv', inner),
        ]
        if label_file != 'auto':
            places = [p for p in places if p.label_path.name == label_file]
        for place in places:
            if place.label_path.is_file():
                return place
        looked = ', '.join(
            p.label_path.relative_to(base).as_posix() for p in places)
        raise FileNotFoundError(
            f'no FER+ label file in {base}. Looked for: {looked}. '
            f'{_nested_hint(base)}Put the label files of FER+ there, or '
            'correct data_root.')


def read_ferplus(layout: FERPlusLayout, split: str) -> LabelRecords:
    """Read the votes of one split.

    Rows without an image name are FER+'s way to say "not a face": counted
    and left out. Of two rows that name one image the first counts.

    Raises:
        ValueError: If a row or column is not as FER+ writes it.
    """
    raise_if_lfs_pointer(layout.label_path)
    if layout.label_path.name == 'label.csv':
        names, rows, cells = _read_split_file(layout.label_path)
    else:
        names, rows, cells = _read_whole_file(layout.label_path, split)
    source = layout.label_path.name
    votes = parse_numbers(cells, rows, _COLUMNS, source)
    named = np.array([bool(name) for name in names], dtype=bool)
    blank = int((~named).sum())
    names = [f'{layout.image_folder}/{name}' for name in names if name]
    rows = np.asarray(rows, dtype=np.int64)[named]
    records = LabelRecords(
        source=source,
        paths=clean_paths(names, rows, source),
        rows=rows,
        classes=_CLASSES,
        votes=votes[named, :len(_CLASSES)],
        extra_names=_EXTRA,
        extra_votes=votes[named, len(_CLASSES):])
    check_not_empty(records, f' of split {split!r}')
    if blank:
        records = records.with_notes(
            f'{source}: left out {counted(blank, "row")} without an image '
            'name, which is how FER+ says "not a face".')
    return fold_doubles(records, keep_first=True)


_Rows = tuple[list[str], list[int], list[list[str]]]


def _read_split_file(path: Path) -> _Rows:
    """``label.csv``: name, quoted face box, ten votes; no header."""
    width = 2 + len(_COLUMNS)
    names, rows, cells = [], [], []
    with open(path, newline='', encoding='utf-8-sig') as file:
        for number, row in enumerate(csv.reader(file), start=1):
            if not row:
                continue
            if len(row) != width:
                raise ValueError(
                    f'{path.name} row {number}: {len(row)} fields; expected '
                    f'{width}: image name, "(x, y, width, height)", '
                    f'{", ".join(_COLUMNS)}.')
            names.append(row[0].strip())
            rows.append(number)
            cells.append(row[2:])
    return names, rows, cells


def _read_whole_file(path: Path, split: str) -> _Rows:
    """``fer2013new.csv``: all splits under one header."""
    usage = _FOLDERS[split][1]
    names, rows, cells = [], [], []
    with open(path, newline='', encoding='utf-8-sig') as file:
        reader = csv.reader(file)
        header = [name.strip() for name in next(reader, [])]
        columns = _header_columns(path, header)
        for number, row in enumerate(reader, start=2):
            if not row:
                continue
            if len(row) != len(header):
                raise ValueError(f'{path.name} row {number}: {len(row)} '
                                 f'fields; expected {len(header)}.')
            if row[columns[0]].strip() == usage:
                names.append(row[columns[1]].strip())
                rows.append(number)
                cells.append([row[i] for i in columns[2:]])
    return names, rows, cells


def _header_columns(path: Path, header: list[str]) -> list[int]:
    needed = ('Usage', 'Image name', *_COLUMNS)
    missing = [name for name in needed if name not in header]
    if missing:
        raise ValueError(f'{path.name}: no column {", ".join(missing)}. '
                         f'Found: {", ".join(header)}. Expected the header '
                         f'{",".join(needed)}.')
    return [header.index(name) for name in needed]


def _nested_hint(base: Path) -> str:
    """Say so if the data set lies one level down, but do not load it."""
    for name in sorted(list_names(base)):
        if (base / name / split_folder('train')).is_dir():
            return f'There is a copy in {base / name}: use it as data_root? '
    return ''
