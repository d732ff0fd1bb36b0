"""Local checkpoints, read by mmengine too without running anything."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import torch
from mmengine.runner import CheckpointLoader

from ...compat import safe_loading
from .checks import check_archive

_REASON = re.compile('(Unsupported|GLOBAL|Trying to) .*')


# In place of mmengine's own, whose safety depends on the version of torch and
# on an environment variable: for load_from, resume and init_cfg.
@CheckpointLoader.register_scheme(prefixes='', force=True)
def load_from_local(filename: str, map_location: Any = None) -> Any:
    """Load a local file for mmengine.

    Args:
        filename (str): Path of the file.
        map_location (Any): As for ``torch.load``.

    Returns:
        Any: What the file holds, commonly a dict.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged, would run code, or unpacks to more than
            it is.
    """
    path = Path(filename).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f'no checkpoint at {path}. Give the path of '
                                'an existing one.')
    # Weights from before torch 1.6 are no archive.
    if zipfile.is_zipfile(path):
        check_archive(path)
    return load_safely(path, map_location)


def load_safely(path: Path, map_location: Any = 'cpu') -> Any:
    """Unpickle data and nothing else.

    Args:
        path (Path): An existing file.
        map_location (Any): As for ``torch.load``.

    Returns:
        Any: What the file holds.

    Raises:
        ValueError: If it is damaged or would run code.
    """
    try:
        return torch.load(path, map_location=map_location,
                          **safe_loading(path))
    # The safe unpickler raises whatever it stumbles over in a damaged file.
    except Exception as error:
        # torch wraps it in advice for files that are trusted.
        text = str(error).strip() or type(error).__name__
        reason = _REASON.search(text)
        why = (reason[0] if reason else text.splitlines()[0])[:200]
        raise ValueError(
            f'{path} was refused: reading it safely failed, because it is '
            f'damaged, not a checkpoint or tries to run code ({why}). Use a '
            'file of weights, from a source you trust.') from error
