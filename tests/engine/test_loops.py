"""An epoch that goes on in its middle as if it had never been stopped."""

import os
import signal

import pytest
import torch
from mmengine.hooks import Hook
from mmengine.optim import OptimWrapper

from uar_mmpretrain.engine import EpochSeedHook, PreemptionHook
from uar_mmpretrain.engine.checkpoints import latest_checkpoint
from uar_mmpretrain.engine.hooks import preemption_hook
from uar_mmpretrain.engine.loops import ResumableEpochLoop
from uar_mmpretrain.engine.preemption import exit_when_asked


class Recorder(Hook):
    """What every batch was, and draws; stops the training at one."""

    def __init__(self, stop=None):
        self.seen = []
        self.stop = stop

    def after_train_iter(self, runner, batch_idx, data_batch=None, **kwargs):
        points = [float(one[0]) for one in data_batch['inputs']]
        self.seen.append((runner.epoch, batch_idx, runner.iter, points,
                          torch.rand(()).item()))
        if self.stop == (runner.epoch, batch_idx):
            os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture
def train(toy_runner, toy_set):
    """Train three epochs of two batches; return what was seen, and how."""

    def run(stop=None, resume=None, loop=None, batch_size=4, **kwargs):
        recorder = Recorder(stop)
        torch.manual_seed(0)  # The toy draws its weights when it is made.
        runner = toy_runner(
            2, [EpochSeedHook(), recorder, PreemptionHook()],
            train=toy_set(('a', 'b')), randomness=dict(seed=4),
            resume=resume is not None,
            load_from=resume and str(resume), **kwargs)
        runner._train_dataloader['batch_size'] = batch_size
        runner._train_loop = loop or dict(
            type='mmpretrain.ResumableEpochLoop', max_epochs=3)
        code = 0
        try:
            with exit_when_asked():
                runner.train()
        except SystemExit as end:
            code = end.code
        return recorder.seen, runner, code

    return run


@pytest.mark.parametrize('batch_size, batches', [(8, 1), (9, 0)])
def test_fewer_images_than_one_batch(toy_runner, toy_set, batch_size,
                                     batches):
    runner = toy_runner(2, [], train=toy_set(('a', 'b')))
    runner._train_dataloader.update(batch_size=batch_size, drop_last=True)
    runner._train_loop = dict(type='mmpretrain.ResumableEpochLoop',
                              max_epochs=1)
    if batches:
        runner.train()
        assert runner.iter == batches
        return
    with pytest.raises(ValueError, match='8 training images per process do '
                       'not fill one batch of 9, and drop_last.*'
                       'train_dataloader.batch_size to 8 or less'):
        runner.train()


@pytest.mark.parametrize('stop', [(0, 0), (1, 0), (1, 1), (2, 1)])
def test_stopped_and_resumed(train, tmp_path, stop):
    full, reference, _ = train()
    for path in (tmp_path / 'work').glob('epoch_*.pth'):
        path.unlink()
    first, _, code = train(stop)
    assert code == 75
    saved = latest_checkpoint(tmp_path / 'work')
    done = 2 * stop[0] + stop[1] + 1
    assert saved.name == f'epoch_{stop[0]}_iter_{done}.pth'
    rest, resumed, code = train(resume=saved)
    assert code == 0
    assert first + rest == full
    for one, other in zip(resumed.model.parameters(),
                          reference.model.parameters()):
        assert torch.equal(one, other)
    # Its epoch is saved whole now.
    assert not saved.exists()


def test_another_number_of_batches_is_refused(train, tmp_path):
    train((1, 0))
    saved = latest_checkpoint(tmp_path / 'work')
    with pytest.raises(ValueError, match='after batch 1 of 2 by 1 process.*'
                       'now there are 4 batches'):
        train(resume=saved, batch_size=2)


@pytest.mark.parametrize('plain', [True, False])
def test_where_the_middle_cannot_be_saved_the_epoch_begins_again(
        train, tmp_path, monkeypatch, plain):
    loop = None
    if plain:
        loop = dict(by_epoch=True, max_epochs=3)
    else:
        # Such targets gather predictions over the epoch.
        monkeypatch.setattr(preemption_hook, 'EpochTargets', torch.nn.Linear)
    seen, _, code = train((1, 0), loop=loop)
    assert code == 75 and len(seen) == 3
    assert latest_checkpoint(tmp_path / 'work').name == 'epoch_1.pth'


def test_gradients_are_gathered_before_it_stops(train, tmp_path, monkeypatch):
    original = OptimWrapper.__init__
    monkeypatch.setattr(
        OptimWrapper, '__init__', lambda self, *args, **kwargs: original(
            self, *args, **{**kwargs, 'accumulative_counts': 2}))
    seen, _, code = train((1, 0))
    assert code == 75
    assert [one[:2] for one in seen[-2:]] == [(1, 0), (1, 1)]


def test_without_a_signal_it_is_mmengines_loop(train):
    ours, runner, _ = train()
    assert isinstance(runner.train_loop, ResumableEpochLoop)
    theirs, _, _ = train(loop=dict(by_epoch=True, max_epochs=3))
    assert ours == theirs and len(ours) == 6
