"""One tool as a process of its own, and what it leaves behind."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..side_by_side import CommandsFailed, run_side_by_side

_PACKAGE = Path(__file__).parents[2]
# An installed package carries the tools; a clone has them beside it.
_TOOLS = _PACKAGE / '.mim' / 'tools'
if not _TOOLS.is_dir():
    _TOOLS = _PACKAGE.parent / 'tools'


class StepFailed(RuntimeError):
    """A training or a test ended with an error."""


def training_command(config: Path, folder: Path) -> list[str]:
    """Train, or go on from where a training was interrupted."""
    return [sys.executable, str(_TOOLS / 'train.py'), str(config),
            '--work-dir', str(folder), '--resume']


def testing_command(config: Path, checkpoint: Path, folder: Path) -> list[str]:
    """Test a checkpoint."""
    return [sys.executable, str(_TOOLS / 'test.py'), str(config),
            str(checkpoint), '--work-dir', str(folder)]


def run_logged(step: str, command: Sequence[str], log: Path,
               tell: Callable[[str], None]) -> None:
    """Run a command; all it prints goes to a log file.

    Args:
        step (str): What to call it.
        command (Sequence[str]): Program and arguments.
        log (Path): File to append to.
        tell (Callable): Gets a line when it starts or ends, and now and then
            how far it is.

    Raises:
        StepFailed: If it ends with an error: the last lines of the log.
    """
    try:
        run_side_by_side({step: command}, {step: log}, [{}], tell)
    except CommandsFailed as error:
        raise StepFailed(str(error)) from None


def trained_checkpoint(folder: Path) -> Path:
    """Return what a finished training is tested with.

    Args:
        folder (Path): Its work dir.

    Returns:
        Path: ``ensemble.pth``, or the last epoch of a single network.

    Raises:
        StepFailed: If there is neither.
    """
    ensemble, note = folder / 'ensemble.pth', folder / 'last_checkpoint'
    if ensemble.is_file():
        return ensemble
    if note.is_file():
        # The folder may have been moved since.
        last = folder / Path(note.read_text(encoding='utf-8').strip()).name
        if last.is_file():
            return last
    raise StepFailed(f'neither ensemble.pth nor a last checkpoint in '
                     f'{folder}')
