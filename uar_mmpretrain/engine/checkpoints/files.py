"""Checkpoints written whole, and read as data."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import torch
from mmengine.logging import print_log

from ...files.atomic_write import atomic_write
from .checks import check_archive, check_content
from .local_loader import load_safely

_NAME = re.compile(r'epoch_(\d+)(?:_iter_(\d+))?\.pth')


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """Load a checkpoint to the CPU without executing anything from it.

    Args:
        path (str | Path): A ``.pth`` file of torch's zip format.

    Returns:
        dict[str, Any]: The checkpoint, with a ``state_dict``.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is truncated, would run code, unpacks to
            more than it is, or holds no ``state_dict`` of tensors.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'no checkpoint at {path}. Train first, or '
                                'give the path of an existing one.')
    check_archive(path)
    checkpoint = load_safely(path)
    check_content(path, checkpoint)
    return checkpoint


def write_checkpoint(checkpoint: dict[str, Any], path: str | Path) -> None:
    """Save so that no half file is ever seen."""
    # Given a name, torch itself writes, and does not say why it failed.
    with atomic_write(path) as beside, beside.open('wb') as stream:
        torch.save(checkpoint, stream)


def latest_checkpoint(folder: str | Path) -> Path | None:
    """Return the newest readable ``epoch_*.pth``, None if there is none.

    That is ``epoch_E.pth`` after E epochs, or ``epoch_E_iter_I.pth`` within
    the one that follows. Where a file is truncated (another program wrote or
    copied it) the one before it is used, with a warning.
    """
    files = sorted((file for file in Path(folder).glob('epoch_*.pth')
                    if _NAME.fullmatch(file.name)), key=_progress)
    for file in reversed(files):
        try:
            read_checkpoint(file)
        except ValueError as error:
            print_log(f'passed over, the checkpoint before it is used: '
                      f'{error}', 'current', logging.WARNING)
            continue
        return file
    return None


def _progress(file: Path) -> tuple[int, int]:
    """Return the epochs, and iterations beyond them, of a file name."""
    epoch, within = _NAME.fullmatch(file.name).groups()  # type: ignore
    return int(epoch), int(within or 0)
