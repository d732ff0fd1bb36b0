"""Whatever holds images -> one image after the other."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from ..files.image_bytes import IMAGE_SUFFIXES, decode_image

# The number of frames in the head of a video may be off by a few.
_COMPLETE = 0.9
VIDEO_SUFFIXES = ('.mp4', '.avi', '.mov', '.mkv', '.webm', '.m4v')


class Item(NamedTuple):
    """One image, or what is wrong with it.

    Args:
        source (str): Where it is from.
        image (np.ndarray | Exception): ``(H, W, 3)`` uint8 BGR, or the error;
            within :func:`decide_all` what the model takes.
        face (tuple[int, int, int, int] | None): Left, top, width and height
            of the face in the source that the image shows.
    """

    source: str
    image: Any
    face: tuple[int, int, int, int] | None = None


class Images:
    """Images of files, arrays, folders, globs, videos, or a list of these.

    A folder gives its images in the order of their paths, subfolders
    included; a video gives its frames, named ``PATH#N`` from 0. Iterating
    yields one :class:`Item` each; where an image cannot be read its item
    holds the error, so that one bad file never ends a batch.

    Args:
        inputs (str | PathLike | np.ndarray | Iterable): Paths, patterns, and
            arrays ``(H, W)``, ``(H, W, 3)`` BGR or ``(H, W, 4)`` BGRA,
            uint8 or uint16.
    """

    def __init__(self, inputs: Any) -> None:
        if isinstance(inputs, (str, os.PathLike, np.ndarray)):
            inputs = [inputs]
        self._inputs = list(_expand(inputs))

    def __len__(self) -> int:
        """Expected number; that of video frames is what their files say."""
        return sum(_num_frames(one) if _is_video(one) else 1
                   for _, one in self._inputs)

    def __iter__(self) -> Iterator[Item]:
        for source, one in self._inputs:
            if _is_video(one):
                yield from _read_video(one)
                continue
            try:
                yield Item(source, _read(one))
            except (OSError, ValueError) as error:
                yield Item(source, error)


def _expand(inputs: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Yield (source, path, array, or error)."""
    for number, one in enumerate(inputs):
        if isinstance(one, np.ndarray):
            yield f'array {number}', one
        elif isinstance(one, (str, os.PathLike)):
            try:
                yield from _files(Path(one))
            except OSError as error:
                # Such as a name too long, or a folder that may not be read.
                yield str(one), error
        else:
            yield f'input {number}', ValueError(
                f'is a {type(one).__name__}; expected a path or an array.')


def _files(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield (source, path or error) of a file, folder or pattern."""
    if path.is_dir():
        found = sorted(file for file in path.rglob('*')
                       if file.suffix.lower() in IMAGE_SUFFIXES
                       and file.name[0] != '.')
        missing = (f'holds no image ({", ".join(IMAGE_SUFFIXES)}). Is it the '
                   'right folder?')
    elif not path.exists() and glob.has_magic(str(path)):
        found = [Path(name)
                 for name in sorted(glob.glob(str(path), recursive=True))
                 if not os.path.isdir(name)]
        missing = 'matches no file. Quote the pattern, and check its folder.'
    else:
        found, missing = [path], ''
    if not found:
        yield str(path), ValueError(missing)
    for file in found:
        yield str(file), file


def _read(one: Any) -> np.ndarray:
    if isinstance(one, Exception):
        raise one
    if isinstance(one, np.ndarray):
        return _as_bgr(one)
    if not one.exists():
        raise FileNotFoundError('there is no such file.')
    if not one.is_file():
        # Such as a pipe, which nobody may ever write to.
        raise ValueError('is no file. Give the path of a picture.')
    return decode_image(one.read_bytes())


def _as_bgr(array: np.ndarray) -> np.ndarray:
    """Bring an array into the form that files are decoded to."""
    shape = array.shape
    channels = shape[2] if array.ndim == 3 else 1
    if (array.ndim not in (2, 3) or channels not in (1, 3, 4)
            or 0 in shape):
        raise ValueError(f'has shape {shape}; expected (H, W), (H, W, 3) BGR '
                         'or (H, W, 4) BGRA. Give several images as a list.')
    if array.dtype == np.uint16:
        array = (array >> 8).astype(np.uint8)
    if array.dtype != np.uint8:
        raise ValueError(f'has dtype {array.dtype}; expected uint8 values 0 '
                         'to 255.')
    array = array.reshape(*shape[:2], channels)
    # Transparency is dropped, as from files.
    array = array.repeat(3, axis=2) if channels == 1 else array[..., :3]
    return np.ascontiguousarray(array)


def _is_video(one: Any) -> bool:
    return isinstance(one, Path) and one.suffix.lower() in VIDEO_SUFFIXES


def _num_frames(path: Path) -> int:
    capture = cv2.VideoCapture(str(path))
    try:
        number = capture.get(cv2.CAP_PROP_FRAME_COUNT)
        # A damaged head says anything, NaN among it.
        return int(number) if 1 <= number <= 2**31 else 1
    finally:
        capture.release()


def _read_video(path: Path) -> Iterator[Item]:
    capture = cv2.VideoCapture(str(path))
    number = 0
    try:
        while True:
            good, frame = capture.read()
            if not good:
                break
            yield Item(f'{path}#{number}', frame)
            number += 1
    finally:
        capture.release()
    declared = _num_frames(path)
    if 0 < number < _COMPLETE * declared:
        yield Item(str(path), ValueError(
            f'ends after {number:,} of its {declared:,} frames. The file is '
            'damaged or incomplete: fetch it again.'))
    if number == 0:
        what = ('does not decode as a video. The file is damaged or no video.'
                if path.exists() else 'there is no such file.')
        yield Item(str(path), ValueError(what))
