"""Text files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write_texts(texts: Mapping[str, str], out_dir: str | Path) -> list[Path]:
    """Write files beside their places, and rename them.

    Args:
        texts (Mapping[str, str]): Content by name of the file.
        out_dir (str | Path): Folder to write to; made if needed.

    Returns:
        list[Path]: The files, in the same order.
    """
    out_dir = Path(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        beside = out_dir / f'{name}.tmp'
        beside.write_text(text, encoding='utf-8')
        os.replace(beside, out_dir / name)
    return [out_dir / name for name in texts]
