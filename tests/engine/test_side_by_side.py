"""Processes beside each other: all end, and failures are told by name."""

import os
import time

import pytest

from uar_mmpretrain.engine.side_by_side import (
    CommandsFailed,
    places,
    run_side_by_side,
)


def shell(**scripts):
    return {name: ['sh', '-c', script] for name, script in scripts.items()}


def logs(folder, commands):
    return {name: folder / name / 'train.log' for name in commands}


@pytest.fixture
def run(tmp_path):
    """Run scripts at two places; return what was told."""

    def run(number=2, **scripts):
        told, commands = [], shell(**scripts)
        run_side_by_side(commands, logs(tmp_path, commands),
                         [dict(PLACE=str(i)) for i in range(number)],
                         told.append)
        return told

    return run


def test_each_has_a_place_and_a_log(run, tmp_path):
    told = run(a='echo a at $PLACE', b='echo b at $PLACE >&2', c='echo c')
    assert (tmp_path / 'a/train.log').read_text() == 'a at 0\n'
    assert (tmp_path / 'b/train.log').read_text() == 'b at 1\n'
    assert {line.split(':')[0] for line in told} == {'a', 'b', 'c'}
    assert sum('finished' in line for line in told) == 3


def test_two_places_run_at_a_time(run, tmp_path):
    # Each ends only when the other has begun.
    meet = f'cd {tmp_path}; touch {{}}; until [ -e {{}} ]; do sleep .01; done'
    run(a=meet.format('one', 'two'), b=meet.format('two', 'one'))


def test_one_place_runs_one_after_the_other(run, tmp_path):
    run(number=1, a=f'sleep .2; touch {tmp_path}/done',
        b=f'test -e {tmp_path}/done')


def test_a_failure_is_told_by_name_and_stops_no_other(run, tmp_path):
    with pytest.raises(CommandsFailed) as raised:
        run(number=1, a='echo why; exit 3', b='echo fine', c='exit 4')
    message = str(raised.value)
    assert 'a ended with code 3: why' in message
    assert str(tmp_path / 'a' / 'train.log') in message
    assert 'c ended with code 4' in message
    assert 'b ended' not in message
    assert (tmp_path / 'b' / 'train.log').read_text() == 'fine\n'


def test_logs_are_appended(run, tmp_path):
    run(a='echo first')
    run(a='echo second')
    assert (tmp_path / 'a/train.log').read_text() == 'first\nsecond\n'


def test_an_interrupted_call_leaves_nothing_running(tmp_path):
    pid = tmp_path / 'pid'
    commands = shell(a=f'echo $$ > {pid}; exec sleep 60', b='true')

    def interrupt(line):
        if line == 'b: finished':
            while not pid.exists() or not pid.read_text():
                time.sleep(.01)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_side_by_side(commands, logs(tmp_path, commands), [{}, {}],
                         interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize('number, gpus, cores, expected', [
    (2, ['0', '1'], 16, [('0', '8'), ('1', '8')]),
    (2, ['5'], 16, [('5', '8'), ('5', '8')]),
    (3, [], 2, [(None, '1')] * 3),
])
def test_places(monkeypatch, number, gpus, cores, expected):
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    found = places(number, gpus, cores)
    assert [(p.get('CUDA_VISIBLE_DEVICES'), p['OMP_NUM_THREADS'])
            for p in found] == expected
    monkeypatch.setenv('OMP_NUM_THREADS', '5')
    assert {p['OMP_NUM_THREADS'] for p in places(number, gpus, cores)} == {
        '5'}


def test_no_place():
    with pytest.raises(ValueError, match='0 members'):
        places(0, [], 1)
