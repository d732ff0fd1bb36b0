"""Text files that are there whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..files.atomic_write import atomic_write


def write_texts(texts: Mapping[str, str], out_dir: str | Path) -> list[Path]:
    """Write files, each with :func:`atomic_write`.

    Args:
        texts (Mapping[str, str]): Content by name of the file.
        out_dir (str | Path): Folder to write to; made if needed.

    Returns:
        list[Path]: The files, in the same order.
    """
    out_dir = Path(out_dir)
    for name, text in texts.items():
        with atomic_write(out_dir / name) as beside:
            beside.write_text(text, encoding='utf-8')
    return [out_dir / name for name in texts]
