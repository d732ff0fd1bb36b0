"""Files that are there whole or not at all; imports nothing of OpenMMLab."""

from __future__ import annotations

import errno
import os
import platform
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LEFTOVER = re.compile(r'\.tmp-(\d+)@([^@]*)@')
# A writer is taken for dead when it has not written for this long, seconds.
_SILENCE = 600


@contextmanager
def atomic_write(path: str | os.PathLike[str],
                 *,
                 size: int | None = None,
                 sync: bool = True) -> Iterator[Path]:
    """Write a file beside its place, and rename it when it is whole.

    Usage::

        with atomic_write('results/table.csv') as beside:
            frame.to_csv(beside)

    Whatever happens inside, who opens ``path`` finds the file from before or
    the new one, never half of it. On an error the half file is removed; what
    a killed process leaves, :func:`remove_leftovers` removes. Processes may
    write the same file at the same time: the last to finish wins.

    Args:
        path (str | os.PathLike): The file; its folder is made if needed.
        size (int | None): Bytes that will be written, where it is known.
        sync (bool): Have the file on the disk before it is renamed, so that
            it survives a power failure too. Without it writing many small
            files is many times faster.

    Yields:
        Path: Where to write, in the same folder with the same suffix.

    Raises:
        OSError: If the disk, or the quota, is full: names the file and the
            bytes needed and free.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only the end of a long name: together they must stay below 255 bytes.
    beside = path.with_name(
        f'.tmp-{os.getpid()}@{platform.node()}@{path.name[-40:]}')
    try:
        yield beside
        if sync:
            _sync(beside)
        os.replace(beside, path)
        if sync and os.name == 'posix':
            _sync(path.parent)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        message = _disk_full(path, beside, size)
        raise OSError(error.errno, message) from error
    finally:
        beside.unlink(missing_ok=True)


def remove_leftovers(folder: str | Path) -> list[Path]:
    """Remove the half files of killed processes.

    A file is left behind when its process has ended, or when nothing was
    written to it for ten minutes: on a shared disk nobody knows the processes
    of other machines, and numbers of processes are given out again.

    Args:
        folder (str | Path): Where to look, with all folders below.

    Returns:
        list[Path]: What was removed.
    """
    removed = []
    for path in Path(folder).rglob('.tmp-*'):
        writer = _LEFTOVER.match(path.name)
        if writer and _is_dead(path, int(writer[1]), writer[2]):
            path.unlink(missing_ok=True)
            removed.append(path)
    return removed


def _is_dead(path: Path, pid: int, host: str) -> bool:
    if host == platform.node():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        except OSError:  # There is one, of somebody else.
            pass
    try:
        return time.time() - path.stat().st_mtime > _SILENCE
    except FileNotFoundError:  # Finished meanwhile.
        return False


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _disk_full(path: Path, beside: Path, size: int | None) -> str:
    written = beside.stat().st_size if beside.exists() else 0
    needed = f'more than {written:,}' if size is None else f'{size:,}'
    beside.unlink(missing_ok=True)
    free = shutil.disk_usage(path.parent).free
    before = ('The file from before is untouched'
              if path.exists() else 'No half file was left')
    return (f'{path}: the disk or your quota on it is full; {needed} bytes '
            f'needed, {free:,} free. {before}. Make room, then run the same '
            'command again (a training with --resume).')
