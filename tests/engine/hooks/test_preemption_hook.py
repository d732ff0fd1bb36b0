"""When a training that is asked to stop does stop."""

import os
import signal

import pytest
from mmengine.hooks import Hook

from uar_mmpretrain.engine import PreemptionHook, preemption
from uar_mmpretrain.engine.checkpoints import latest_checkpoint
from uar_mmpretrain.engine.hooks import preemption_hook
from uar_mmpretrain.engine.preemption import exit_when_asked


class Ask(Hook):
    """Send the signal at one point of a training."""

    def __init__(self, point):
        setattr(self, point, self.ask)

    def ask(self, runner, *args, **kwargs):
        os.kill(os.getpid(), signal.SIGUSR1)


@pytest.mark.parametrize('point, saved', [
    # A validation changes nothing that is to be saved.
    ('after_val_iter', 'epoch_1.pth'),
    # Its weights are whole; only what comes after the training is missing.
    ('after_train', 'epoch_1.pth'),
    # A signal that comes before is not lost.
    ('before_train_epoch', 'epoch_0_iter_1.pth'),
])
def test_where_it_stops(toy_runner, toy_set, tmp_path, point, saved):
    data = toy_set(('a', 'b'))
    runner = toy_runner(2, [Ask(point), PreemptionHook()], train=data,
                        val=data)
    runner._train_loop = dict(type='mmpretrain.ResumableEpochLoop',
                              max_epochs=1)
    with pytest.raises(SystemExit) as found, exit_when_asked():
        runner.train()
    assert found.value.code == 75
    assert latest_checkpoint(tmp_path / 'work').name == saved


def agree(folder):
    from mmengine.dist import get_rank
    rank = get_rank()
    # One of them was asked.
    preemption._state.asked = 'SIGTERM' if rank else ''
    stops = [preemption_hook._to_stop(i) for i in range(10)]
    (folder / str(rank)).write_text(str(stops.index(True)))


def test_processes_stop_after_the_same_iteration(in_processes, tmp_path):
    in_processes(agree, tmp_path)
    assert [(tmp_path / str(rank)).read_text() for rank in range(2)] == [
        '9', '9']
