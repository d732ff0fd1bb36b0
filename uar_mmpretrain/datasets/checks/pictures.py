"""Read every image file once: size, mode, pixels, or what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from ..duplicates import pixel_digest
from ..image_files import describe_bytes


@dataclass(frozen=True)
class Picture:
    """What an image file holds.

    Args:
        size (tuple[int, int]): Width and height in pixels.
        mode (str): Pillow's name of the pixel format, such as L or RGB.
        digest (bytes | None): Hash of the pixels as a network is given them
            (three channels of 8 bits).
        blank (bool): Whether all pixels are equal.
        error (str): Why it cannot be read; empty if it can.
    """

    size: tuple[int, int] = (0, 0)
    mode: str = ''
    digest: bytes | None = None
    blank: bool = False
    error: str = ''

    def kind(self) -> str:
        """Size and mode in words: ``48x48 L``."""
        return f'{self.size[0]}x{self.size[1]} {self.mode}'


def read_picture(path: str | os.PathLike) -> Picture:
    """Decode one file completely.

    OpenCV gives what it could decode of a truncated file, Pillow raises. So
    Pillow judges, and OpenCV, which loads the images in training, gives the
    pixels.

    Args:
        path (str | os.PathLike): Image file.

    Returns:
        Picture: With ``error`` instead of the rest if it cannot be read.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        return Picture(error=f'cannot be opened: {error.strerror}')
    try:
        with Image.open(BytesIO(data)) as image:
            image.load()
            extrema = image.getextrema()
            size, mode = image.size, image.mode
        digest = pixel_digest(data)
    except Image.DecompressionBombError as error:
        return Picture(error=f'too large: {error}')
    # Decoders raise whatever they stumble over (struct.error, SyntaxError).
    except Exception as error:
        return Picture(error=_explain(data, error))
    bands = extrema if isinstance(extrema[0], tuple) else (extrema, )
    return Picture(size, mode, digest,
                   blank=all(low == high for low, high in bands))


def read_pictures(paths: Iterable[str],
                  jobs: int | None = None) -> Iterator[Picture]:
    """Read many files on threads, in the order given.

    Args:
        paths (Iterable[str]): Image files.
        jobs (int | None): Number of threads; None for one per core.

    Yields:
        Picture: One per path.
    """
    pool = ThreadPoolExecutor(jobs or os.cpu_count())
    try:
        yield from pool.map(read_picture, paths)
    finally:
        # Interrupted, it must not read the rest first.
        pool.shutdown(cancel_futures=True)


def _explain(data: bytes, error: Exception) -> str:
    try:
        with Image.open(BytesIO(data)):
            pass
    except Exception:
        return describe_bytes(data)
    return (f'{len(data):,} bytes that decode only in part ({error}). The '
            'copy is incomplete: fetch this file again.')
