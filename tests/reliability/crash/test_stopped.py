"""Asked to stop by a signal, as SLURM does: saved, ended, resumed."""

import os
import signal
import time

import numpy as np
import pytest

from uar_mmpretrain.engine.preemption import EXIT_CODE

pytestmark = pytest.mark.reliability
TRIALS = 6
MEMBERS = (0, 1)
BATCHES = 9


@pytest.fixture(params=[0, 2], ids=['no workers', 'two workers'])
def make(request, training):
    """Make trainings whose augmentation this process, or workers, draw."""

    def make(name, **changes):
        return training(name, **{
            'train_dataloader.num_workers': request.param, **changes})

    return make


def stop(process, number):
    """Send the signal to all processes of a job, as SLURM does."""
    os.killpg(process.pid, number)
    process.join()


@pytest.mark.parametrize('name', ['SIGTERM', 'SIGUSR1'])
def test_stopped_and_resumed(make, same_weights, name):
    reference = make('reference')
    assert reference.run() == 0
    generator = np.random.default_rng(11)
    saved = 0
    for trial in range(TRIALS):
        work = make(f'trial_{trial}')
        member, batch = divmod(int(generator.integers(2 * BATCHES)), BATCHES)
        process = work.start(prepare=os.setsid)
        while process.is_alive() and sum(
                work.batches(member).values()) <= batch:
            time.sleep(.002)
        stop(process, getattr(signal, name))
        assert process.exitcode in (EXIT_CODE, 0), work.output()[-3000:]
        if process.exitcode == EXIT_CODE:
            assert f'{name}: ' in work.output()
            assert '--resume goes on' in work.output()
        within = list(work.folder.glob('member_*/epoch_*_iter_*.pth'))
        saved += bool(within)
        assert work.run(resume=True) == 0, work.output()[-3000:]
        # No batch is trained on twice.
        assert all(set(work.batches(m).values()) == {1} for m in MEMBERS)
        same_weights(work, reference)
        assert work.is_whole()
        assert not list(work.folder.glob('member_*/epoch_*_iter_*.pth'))
    assert saved >= TRIALS // 2
    print(f'{TRIALS} trials, {saved} saved within an epoch')
