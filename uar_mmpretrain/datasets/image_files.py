"""Which of the images a label file names are there, and what ails a file."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ..files.image_bytes import (
    IMAGE_SUFFIXES,
    describe_bytes,
    is_lfs_pointer,
)
from .table_checks import shown

__all__ = [
    'IMAGE_SUFFIXES', 'describe_bytes', 'explain_missing', 'find_images',
    'list_names', 'raise_if_lfs_pointer'
]

# What opening a folder says if there can be none of that name.
_NO_FOLDER = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)


def list_names(folder: str | os.PathLike,
               files_only: bool = False) -> set[str]:
    """Names in a folder, one directory read; empty if it is not there."""
    try:
        with os.scandir(folder) as entries:
            return {entry.name for entry in entries
                    if not (files_only and entry.is_dir())}
    except OSError as error:
        if error.errno not in _NO_FOLDER:
            raise
        return set()


def find_images(root: str | os.PathLike, paths: Iterable[str]) -> np.ndarray:
    """Look up images with one directory read per folder.

    Args:
        root: Folder the paths are relative to.
        paths: N paths, ``/`` between parts.

    Returns:
        (N,) bool, True where the file is there.
    """
    names: dict[str, set[str]] = {}
    found = []
    for path in paths:
        folder, name = posixpath.split(path)
        if folder not in names:
            names[folder] = list_names(os.path.join(root, folder),
                                       files_only=True)
        found.append(name in names[folder])
    return np.array(found, dtype=bool)


def explain_missing(root: str | os.PathLike, paths: list[str],
                    found: np.ndarray) -> str:
    """Say how many images are missing, with three examples.

    Args:
        root: Folder the paths are relative to.
        paths: N paths named by the label file.
        found: (N,) bool from :func:`find_images`, not all True.
    """
    missing = [path for path, here in zip(paths, found) if not here]
    folders = sorted({posixpath.dirname(path) for path in missing})
    where = shown(folders[0]) or 'the data root'
    if len(folders) > 1:
        where += f' and {len(folders) - 1} more folders'
    examples = ', '.join(shown(posixpath.basename(path))
                         for path in missing[:3])
    if found.any():
        return (f'{len(missing):,} of {len(paths):,} images in {where} are '
                f'missing (first: {examples}).')
    text = (f'none of the {len(paths):,} images named in the list was found '
            f'in {where} (first: {examples}).')
    here = _images_in(os.path.join(root, folders[0]))
    if here:
        text += (f' The folder holds {len(here):,} images like {here[0]}: '
                 'is the list of this copy, and its folder, right?')
    return text


def raise_if_lfs_pointer(path: str | os.PathLike) -> None:
    """Refuse a label file that Git LFS did not fetch.

    Raises:
        ValueError: If the file is a Git LFS pointer.
    """
    path = Path(path)
    with open(path, 'rb') as file:
        head = file.read(100)
    if is_lfs_pointer(head):
        raise ValueError(
            f'{path} is a Git LFS pointer ({path.stat().st_size} bytes), not '
            'the table. Run "git lfs pull" in the clone it came from.')


def _images_in(folder: str) -> list[str]:
    return sorted(
        name for name in list_names(folder)
        if name.lower().endswith(IMAGE_SUFFIXES) and name[0] != '.')
