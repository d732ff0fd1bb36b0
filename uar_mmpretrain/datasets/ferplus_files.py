"""The files of FER+: where they lie, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .categories import OWN_ORDERS
from .image_files import list_names
from .label_checks import check_not_empty, fold_doubles
from .records import LabelRecords
from .table_checks import clean_paths, counted, parse_numbers, shown, some
from .text_files import check_distinct, check_width, read_rows

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
    if layout.label_path.name == 'label.csv':
        names, rows, cells = _read_split_file(layout.label_path)
    else:
        names, rows, cells = _read_whole_file(layout.label_path, split)
    source = layout.label_path.name
    votes = parse_numbers(cells, rows, _COLUMNS, source)
    named = np.array([bool(name) for name in names], dtype=bool)
    blank = int((~named).sum())
    names = [name for name in names if name]
    rows = np.asarray(rows, dtype=np.int64)[named]
    records = LabelRecords(
        source=source,
        paths=clean_paths(names, rows, source, layout.image_folder),
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
    columns = ('image name', '"(x, y, width, height)"', *_COLUMNS)
    names, rows, cells = [], [], []
    for number, row in read_rows(path):
        check_width(path, number, row, columns)
        names.append(row[0].strip())
        rows.append(number)
        cells.append(row[2:])
    return names, rows, cells


def _read_whole_file(path: Path, split: str) -> _Rows:
    """``fer2013new.csv``: all splits under one header."""
    usage = _FOLDERS[split][1]
    known = [name for _, name in _FOLDERS.values()]
    names, rows, cells = [], [], []
    lines = read_rows(path)
    header = [name.strip() for name in next(lines, (0, []))[1]]
    columns = _header_columns(path, header)
    for number, row in lines:
        check_width(path, number, row, header)
        found = row[columns[0]].strip()
        if found not in known:
            # The row would be in no split.
            raise ValueError(f"{path.name} row {number}, Usage: "
                             f"'{shown(found)}'; expected one of "
                             f'{", ".join(known)}.')
        if found == usage:
            names.append(row[columns[1]].strip())
            rows.append(number)
            cells.append([row[i] for i in columns[2:]])
    return names, rows, cells


def _header_columns(path: Path, header: list[str]) -> list[int]:
    check_distinct(path, header)
    needed = ('Usage', 'Image name', *_COLUMNS)
    missing = [name for name in needed if name not in header]
    if missing:
        raise ValueError(f'{path.name}: no column {", ".join(missing)}. '
                         f'Found: {some(header)}. Expected the header '
                         f'{",".join(needed)}.')
    return [header.index(name) for name in needed]


def _nested_hint(base: Path) -> str:
    """Say so if the data set lies one level down, but do not load it."""
    for name in sorted(list_names(base)):
        if (base / name / split_folder('train')).is_dir():
            return f'There is a copy in {base / name}: use it as data_root? '
    return ''
