"""Reading and writing of the golden images.

Images are stored as planar vertical differences modulo 256 under LZMA, which
halves the file.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
OUTPUTS = FOLDER / 'outputs.npz'
STATISTICS = FOLDER / 'statistics.json'


def write(path: Path, stacks: dict[str, np.ndarray]) -> None:
    """Write stacks of uint8 images, each (..., H, W, 3), under their names."""
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_LZMA) as archive:
        for name, stack in stacks.items():
            planes = np.moveaxis(stack, -1, -3)
            planes = np.diff(planes, axis=-2, prepend=np.uint8(0))
            # A fixed time, so that equal content is an equal file.
            entry = zipfile.ZipInfo(f'{name}.npy')
            entry.compress_type = zipfile.ZIP_LZMA
            with archive.open(entry, 'w') as file:
                np.lib.format.write_array(file, np.ascontiguousarray(planes))


def read(path: Path) -> dict[str, np.ndarray]:
    """Read what :func:`write` wrote."""
    with np.load(path) as archive:
        return {
            name: np.moveaxis(
                np.cumsum(planes, axis=-2, dtype=np.uint8), -3, -1)
            for name, planes in archive.items()
        }
