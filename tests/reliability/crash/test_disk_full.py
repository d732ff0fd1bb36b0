"""A disk that is really full while a training saves."""

import ctypes
import multiprocessing
import os
import subprocess
from pathlib import Path

import pytest

from uar_mmpretrain.engine.checkpoints import latest_checkpoint

pytestmark = pytest.mark.reliability
NEW_USER, NEW_MOUNTS = 0x10000000, 0x00020000
NOT_ALLOWED = 77


def mount(*arguments):
    subprocess.run(['mount', *map(str, arguments)], check=True)


def own_disk(folder, size):
    """Mount a small disk that only this process sees."""
    flags = NEW_MOUNTS if os.geteuid() == 0 else NEW_MOUNTS | NEW_USER
    try:
        if ctypes.CDLL(None).unshare(flags) != 0:
            raise PermissionError
        mount('--make-rprivate', '/')
        mount('-t', 'tmpfs', '-o', f'size={size}', 'tmpfs', folder)
    except (OSError, subprocess.CalledProcessError):
        os._exit(NOT_ALLOWED)


def check(work, expected, size, same_weights):
    """Fill the disk, make room, go on; all in a process of its own."""
    work.folder.mkdir()
    own_disk(work.folder, size + size // 2)
    assert work.run() == 1
    folder = work.folder / 'member_0'
    said = work.output()
    assert f'{folder / "epoch_2.pth"}: the disk or your quota' in said
    assert 'bytes needed' in said and 'a training with --resume' in said
    assert latest_checkpoint(folder).name == 'epoch_1.pth'
    assert work.is_whole()
    mount('-o', f'remount,size={20 * size}', work.folder)
    assert work.run(resume=True) == 0, work.output()[-3000:]
    same_weights(work, expected)


def test_room_for_one_checkpoint_only(training, same_weights):
    reference = training('reference')
    assert reference.run() == 0
    size = max(path.stat().st_size for path in Path(
        reference.folder).rglob('epoch_*.pth'))
    process = multiprocessing.get_context('fork').Process(
        target=check, args=(training('full'), reference, size, same_weights))
    process.start()
    process.join()
    if process.exitcode == NOT_ALLOWED:
        pytest.skip('may not mount a disk')
    assert process.exitcode == 0
