"""Killed at any moment and resumed: the weights of one never stopped."""

import os
import signal
import time
from functools import partial

import numpy as np
import pytest

from uar_mmpretrain.files import atomic_write

pytestmark = pytest.mark.reliability
TRIALS = 20
STAGES = ('half written', 'not yet renamed', 'renamed')
MEMBERS = (0, 1)


def watch_writes(act):
    """Call ``act(number, stage, path)`` at every stage of every write."""
    sync, number = atomic_write._sync, 0

    def watched(path):
        nonlocal number
        if path.is_dir():
            act(number, STAGES[2], path)
            number += 1
        else:
            act(number, STAGES[0], path)
            act(number, STAGES[1], path)
        sync(path)

    atomic_write._sync = watched


def count_writes(counter):
    watch_writes(lambda number, stage, path: counter.write_text(
        str(number + 1)))


def kill_at(number, stage):
    """Kill this process in the middle of a write."""

    def act(now, at, path):
        if (now, at) == (number, stage):
            if stage == STAGES[0]:
                os.truncate(path, path.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    watch_writes(act)


def start_and_kill(work, resume, generator, writes, duration):
    """Kill a training in a write or at any time; return when it was."""
    if generator.random() < .4:
        moment = (int(generator.integers(writes)),
                  str(generator.choice(STAGES)))
        process = work.start(resume, partial(kill_at, *moment))
    else:
        moment = generator.uniform(0, duration)
        process = work.start(resume)
        process.join(moment)
        process.kill()
    process.join()
    return moment, process.exitcode == -signal.SIGKILL


@pytest.fixture(scope='module')
def never_killed(make_training, tmp_path_factory):
    """A training that was not killed, its writes, and how long it took."""
    folder = tmp_path_factory.mktemp('never_killed')
    work, counter = make_training(folder / 'work'), folder / 'writes'
    start = time.monotonic()
    assert work.run(prepare=partial(count_writes, counter)) == 0
    duration = time.monotonic() - start
    assert all(set(work.batches(m).values()) == {1} for m in MEMBERS)
    return work, int(counter.read_text()), duration


@pytest.mark.parametrize('trial', range(TRIALS))
def test_killed_and_resumed(never_killed, make_training, same_weights,
                            tmp_path, trial):
    reference, writes, duration = never_killed
    generator = np.random.default_rng([7, trial])
    # One that had finished before was not killed.
    for attempt in range(10):
        work = make_training(tmp_path / f'attempt_{attempt}')
        moment, in_time = start_and_kill(work, False, generator, writes,
                                         duration)
        if in_time:
            break
    assert in_time
    before = {m: work.saved(m) for m in MEMBERS}
    # Every other one is killed while it is being resumed, too.
    if trial % 2:
        again, killed = start_and_kill(work, True, generator, writes,
                                       duration)
        if killed:
            moment = (moment, again)
            before = {m: work.saved(m) for m in MEMBERS}
    assert work.run(resume=True) == 0, work.output()[-3000:]
    for member in MEMBERS:
        after = work.batches(member)
        # What was saved was not trained on again, the rest was.
        assert {key: after[key] for key in before[member]} == before[member]
        assert after.keys() == reference.batches(member).keys()
    same_weights(work, reference)
    assert work.is_whole()
    print(trial, moment, [sum(work.batches(m).values()) for m in MEMBERS])
