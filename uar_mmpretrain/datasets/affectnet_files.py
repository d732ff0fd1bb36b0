"""The files of AffectNet's two releases."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .categories import CANONICAL_CLASSES
from .image_files import IMAGE_SUFFIXES, list_names
from .label_checks import check_not_empty, fold_doubles
from .npy_files import load_array
from .records import LabelRecords
from .table_checks import (
    check_label_range,
    clean_paths,
    counted,
    parse_numbers,
    shown,
    some,
    to_numbers,
)
from .text_files import check_distinct, check_width, read_rows

__all__ = ['find_release', 'read_csv_release', 'read_npy_release']

_CSV = {
    'train': 'Manually_Annotated_file_lists/training.csv',
    'val': 'Manually_Annotated_file_lists/validation.csv',
}
_CSV_IMAGES = 'Manually_Annotated_Images'
_NPY = {
    'train': ('train_set/annotations', ),
    # The second name comes from a public preparation script.
    'val': ('val_set/annotations', 'valid_set/annotations'),
}
_PATH, _LABEL = 'subDirectory_filePath', 'expression'
_BOX = ('face_x', 'face_y', 'face_width', 'face_height')
_LABELS = tuple(map(str, range(11)))
# No image is as wide: a box that ends there is none.
_MAX_PIXEL = 2**24
_NON_CLASSES = {8: 'none', 9: 'uncertain', 10: 'no-face'}


def find_release(root: Path, split: str, release: str) -> tuple[str, Path]:
    """Look which release lies under a folder.

    Returns:
        ``csv`` or ``npy``, and the list or the folder of annotations.

    Raises:
        FileNotFoundError: If neither is there; lists the places.
        ValueError: If both are there and ``release`` is ``auto``.
    """
    places = [('csv', root / _CSV[split])]
    places += [('npy', root / name) for name in _NPY[split]]
    if release != 'auto':
        places = [place for place in places if place[0] == release]
    found = [place for place in places if place[1].exists()]
    if not found:
        looked = ', '.join(
            path.relative_to(root).as_posix() for _, path in places)
        raise FileNotFoundError(f'no AffectNet labels of split {split!r} in '
                                f'{root}. Looked for: {looked}.')
    if len({name for name, _ in found}) > 1:
        raise ValueError(f"{root} holds both releases of AffectNet; say "
                         "release='csv' or release='npy'.")
    return found[0]


def read_csv_release(root: Path, path: Path) -> LabelRecords:
    """Read ``training.csv`` or ``validation.csv`` of the first release.

    Raises:
        ValueError: If a column, label or box is not as it should be.
    """
    rows, names, labels, boxes = [], [], [], []
    lines = read_rows(path)
    header = [name.strip() for name in next(lines, (0, []))[1]]
    _check_header(path, header)
    for number, cells in lines:
        # A field too many or too few would shift those after it.
        check_width(path, number, cells, header)
        row = dict(zip(header, cells))
        rows.append(number)
        names.append(row[_PATH])
        labels.append(row[_LABEL])
        boxes.append([row[name] for name in _BOX])
    numbers = np.array(rows, dtype=np.int64)
    records = LabelRecords(
        source=path.name,
        paths=clean_paths(names, numbers, path.name, _CSV_IMAGES),
        rows=numbers,
        classes=CANONICAL_CLASSES,
        labels=_to_labels(labels, numbers, path.name))
    is_class = ~np.isin(records.labels, list(_NON_CLASSES))
    dropped = _count_non_classes(records)
    records = records.take(is_class)
    check_not_empty(records, ' with one of the 8 classes')
    kept = [box for box, keep in zip(boxes, is_class) if keep]
    records = _with_boxes(records, kept)
    return fold_doubles(records.with_notes(*dropped))


def read_npy_release(root: Path, folder: Path) -> LabelRecords:
    """Read ``<id>_exp.npy`` of every image of the 2021 release.

    Nothing pickled is read. A row number is the place in the sorted list of
    annotation files.

    Raises:
        ValueError: If a file is no plain array or no label 0..7.
    """
    images = folder.parent / 'images'
    present = {
        name.rpartition('.')[0]: name
        for name in sorted(list_names(images))
        if name.lower().endswith(IMAGE_SUFFIXES) and name[0] != '.'
    }
    names = [n for n in list_names(folder) if n.endswith('_exp.npy')]
    # Numbered files in the order of their numbers, others by name.
    names.sort(key=lambda name: (len(name), name))
    labels = np.array([_load_label(folder / name) for name in names],
                      dtype=np.int64)
    ids = [name[:-len('_exp.npy')] for name in names]
    rows = np.arange(1, len(names) + 1)
    source = folder.relative_to(root).as_posix()
    records = LabelRecords(
        source=source,
        paths=[
            f'{images.relative_to(root).as_posix()}/'
            f'{present.get(name, name + ".jpg")}' for name in ids
        ],
        rows=rows,
        classes=CANONICAL_CLASSES,
        labels=labels)
    check_not_empty(records, ' (no <id>_exp.npy)')
    dropped = _count_non_classes(records)
    return records.take(~np.isin(labels, list(_NON_CLASSES))).with_notes(
        *dropped)


def _load_label(path: Path) -> int:
    """The label; files hold a number or a string such as '3'."""
    value = load_array(path)
    try:
        text = str(value.item()) if value.size == 1 else str(value)
    except SystemError:
        text = 'characters that do not exist'
    if text not in _LABELS:
        raise ValueError(f"{path.name}: '{shown(text)}'; expected one label "
                         '0..10.')
    return int(text)


def _to_labels(cells: list[str], rows: np.ndarray, source: str) -> np.ndarray:
    """Indices 0..7, or 8..10 for what is no class."""
    labels = parse_numbers([[cell] for cell in cells], rows, [_LABEL],
                           source)[:, 0]
    names = (*CANONICAL_CLASSES, *_NON_CLASSES.values())
    check_label_range(labels, rows, names, f'{source} row {{row}}, {_LABEL}')
    return labels.astype(np.int64)


def _count_non_classes(records: LabelRecords) -> list[str]:
    counts = {
        f'{label} ({name})': int((records.labels == label).sum())
        for label, name in _NON_CLASSES.items()
    }
    total = sum(counts.values())
    if not total:
        return []
    each = ', '.join(f'{name} {count:,}' for name, count in counts.items())
    return [f'{records.source}: left out {counted(total, "row")} labelled '
            f'with no class: {each}.']


def _with_boxes(records: LabelRecords, cells: list) -> LabelRecords:
    """Add corners from left, top, width and height.

    The published lists have a few boxes of negative width: they are counted,
    and their images get a box of zeros.
    """
    x, y, width, height = (to_numbers(column) for column in zip(*cells))
    corners = np.stack([x, y, x + width, y + height], axis=1).round()
    usable = ((x >= 0) & (y >= 0) & (width > 0) & (height > 0)
              & (corners < _MAX_PIXEL).all(axis=1))
    records = records.replace(
        boxes=np.where(usable[:, None], corners, 0).astype(np.int64))
    if usable.all():
        return records
    bad = records.rows[~usable]
    return records.with_notes(
        f'{records.source}: {counted(len(bad), "row")} without a usable face '
        f'box (row {some(bad)}); the items carry none.')


def _check_header(path: Path, header: list[str]) -> None:
    check_distinct(path, header)
    missing = [n for n in (_PATH, _LABEL, *_BOX) if n not in header]
    if missing:
        raise ValueError(f'{path.name}: no column {", ".join(missing)}. '
                         f'Found: {some(header)}.')
