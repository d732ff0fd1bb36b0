"""The end of a log, and who is told of it."""

import pytest

from uar_mmpretrain.engine.log_lines import LogProgress, last_lines


@pytest.fixture
def log(tmp_path):
    return tmp_path / 'train.log'


@pytest.mark.parametrize('text, expected', [
    ('', []),
    ('one', ['one']),
    ('one\ntwo\n\n  \n', ['one', 'two']),
    ('one\r\ntwo\r\nthree\r\n', ['two', 'three']),
    # a progress bar, overwriting itself
    ('one\n 10%\r 50%\r100%\n', ['one', '100%']),
])
def test_last_lines(text, expected, log):
    log.write_bytes(text.encode())
    assert last_lines(log, 2) == expected


def test_no_log_yet(log):
    assert last_lines(log, 2) == []


def test_of_a_long_log_only_the_end_is_read(log):
    log.write_bytes(b'\xff' * 10**6 + b'\n' + b'x' * 10**5 + b'\nlast\n')
    first, last = last_lines(log, 2)
    assert last == 'last' and len(first) < 20_000


def test_what_is_new_is_told_once(log):
    told = []
    progress = LogProgress(told.append, every=0)
    progress.look({'member 0': log})
    log.write_text('11/22 02:20:13 - mmengine - INFO - '
                   'Epoch(train) [1][5/9]\n')
    for _ in range(2):
        progress.look({'member 0': log})
    log.write_text('loading\n' + 'x' * 1000)
    progress.look({'member 0': log})
    assert told[0] == 'member 0: Epoch(train) [1][5/9]'
    assert len(told) == 2 and told[1].startswith('member 0: xxx')
    assert len(told[1]) < 200


def test_not_too_often(log):
    told = []
    log.write_text('1\n')
    progress = LogProgress(told.append, every=1000)
    for _ in range(3):
        progress.look({'a': log})
    assert not told
