"""A file is there whole or not at all, and a full disk is named."""

import errno
import os
import signal
import subprocess
import time

import pytest

from uar_mmpretrain.files import atomic_write as module
from uar_mmpretrain.files.atomic_write import atomic_write, remove_leftovers


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write(path, text, **options):
    with atomic_write(path, **options) as beside:
        beside.write_text(text)


@pytest.mark.parametrize('sync', [True, False])
def test_a_new_file_takes_the_place_of_the_old_one(tmp_path, sync):
    path = tmp_path / 'deep' / 'a.csv'
    for text in ('old', 'new'):
        write(path, text, sync=sync)
        assert path.read_text() == text
    assert names(path.parent) == ['a.csv']


def test_until_it_is_whole_the_old_one_is_seen(tmp_path):
    path = tmp_path / 'a.csv'
    write(path, 'old')
    with atomic_write(path) as beside:
        beside.write_text('half')
        assert path.read_text() == 'old'
        # Writers look at the suffix; readers at what the name begins with.
        assert beside.suffix == '.csv'
        assert beside not in set(tmp_path.glob('a*'))


@pytest.mark.parametrize('error', [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file_alone(tmp_path, error):
    path = tmp_path / 'a.csv'
    write(path, 'old')
    with pytest.raises(error), atomic_write(path) as beside:
        beside.write_text('half')
        raise error
    assert path.read_text() == 'old'
    assert names(tmp_path) == ['a.csv']


def test_a_name_as_long_as_a_name_can_be(tmp_path):
    path = tmp_path / ('ü' * 125 + '.csv')
    write(path, 'a')
    assert path.read_text() == 'a'


@pytest.mark.parametrize('size, needed', [
    (None, 'more than 4 bytes needed'), (1234567, '1,234,567 bytes needed')])
def test_a_full_disk(tmp_path, size, needed):
    path = tmp_path / 'a.csv'
    write(path, 'old')
    expected = (f'a.csv: .* full; {needed}, .* free. The file from before is '
                'untouched.*--resume')
    with pytest.raises(OSError, match=expected) as found, atomic_write(
            path, size=size) as beside:
        beside.write_text('half')
        with open('/dev/full', 'w') as full:
            full.write('x')
    assert found.value.errno == errno.ENOSPC
    assert path.read_text() == 'old'
    assert names(tmp_path) == ['a.csv']


def test_another_error_of_the_disk_is_passed_on(tmp_path):
    with pytest.raises(PermissionError, match='^mine$'), atomic_write(
            tmp_path / 'a.csv'):
        raise PermissionError('mine')


@pytest.fixture
def dead():
    """Number of a process that is no more."""
    process = subprocess.Popen(['true'])
    process.wait()
    return process.pid


def test_what_a_killed_process_left_is_removed(tmp_path):
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        with atomic_write(tmp_path / 'deep' / 'a.pth') as beside:
            beside.write_text('half')
            os.write(go, b'x')
            time.sleep(60)
        os._exit(1)
    os.read(ready, 1)
    [half] = (tmp_path / 'deep').iterdir()
    # It still runs.
    assert remove_leftovers(tmp_path) == []
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert remove_leftovers(tmp_path) == [half]
    assert names(tmp_path / 'deep') == []


def test_on_another_machine_only_silence_tells(tmp_path, dead):
    ours = tmp_path / f'.tmp-{dead}@{module.platform.node()}@a.pth'
    theirs = tmp_path / f'.tmp-{dead}@elsewhere@a.pth'
    silent = tmp_path / f'.tmp-{dead}@elsewhere@b.pth'
    for path in (ours, theirs, silent):
        path.write_text('half')
    os.utime(silent, (time.time() - 700, ) * 2)
    (tmp_path / '.tmp-notes').write_text("the user's own")
    assert set(remove_leftovers(tmp_path)) == {ours, silent}
    assert names(tmp_path) == sorted(['.tmp-notes', theirs.name])
