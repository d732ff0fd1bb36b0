"""mmengine's checkpoints load safely, and nothing in them is executed."""

import logging
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.hooks import Hook
from mmengine.logging import HistoryBuffer
from mmengine.model import BaseModel
from mmengine.registry import DefaultScope
from mmengine.runner import Runner

from uar_mmpretrain.compat import (
    allow_mmengine_checkpoints,
    restricted_unpickler,
    safe_loading,
)
from uar_mmpretrain.compat.checkpoint_globals import has_allow_list
from uar_mmpretrain.engine.checkpoints import read_checkpoint

INFO = dict(
    an_array=np.arange(6, dtype=np.int64).reshape(2, 3),
    a_float32=np.float32(0.1),
    a_float64=np.float64(0.1),
    an_int=np.int32(-3),
    a_bool=np.bool_(True),
    halves=np.array([0.5, 2.], dtype=np.float16),
    bytes=np.array([1, 255], dtype=np.uint8),
    flags=np.array([True, False]),
    window=[1., 2., 3.],
)


class Toy(BaseModel):

    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(2, 1)

    def forward(self, inputs, mode='tensor'):
        return dict(loss=self.linear(torch.stack(inputs)).square().mean())


class Logs(Hook):
    """Leaves in the message hub what metrics and hooks leave there."""

    def before_train(self, runner):
        for name, value in INFO.items():
            runner.message_hub.update_info(name, value)


@pytest.fixture
def checkpoint(tmp_path):
    """A checkpoint and the runner whose mmengine wrote it."""
    # A runner leaves its scope behind for all tests to come.
    with DefaultScope.overwrite_default_scope('mmengine'):
        runner = train(tmp_path)
        yield tmp_path / 'epoch_1.pth', runner


def train(folder):
    """Train one epoch; mmengine writes its checkpoint."""
    runner = Runner(
        model=Toy(),
        work_dir=str(folder),
        train_dataloader=dict(
            dataset=[dict(inputs=torch.randn(2)) for _ in range(8)],
            batch_size=2,
            sampler=dict(type='DefaultSampler', shuffle=True)),
        train_cfg=dict(by_epoch=True, max_epochs=1),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.1, momentum=0.9)),
        param_scheduler=dict(type='MultiStepLR', milestones=[1]),
        custom_hooks=[Logs()],
        default_hooks=dict(logger=dict(type='LoggerHook', interval=1)),
        experiment_name=f'globals_{folder.name}')
    runner.train()
    return runner


@pytest.fixture(params=['this torch', 'no allow list'])
def load(request, monkeypatch):
    """Read a file as this torch lets us, and as one before 2.6 does."""
    if request.param == 'no allow list':
        monkeypatch.setattr(restricted_unpickler, 'has_allow_list',
                            lambda: False)
    return lambda path: torch.load(path, **safe_loading(path))


@pytest.fixture
def torch_alone():
    """torch as it is without the shim."""
    if not has_allow_list():
        pytest.skip(f'torch {torch.__version__} has no allow list')
    known = torch.serialization.get_safe_globals()
    torch.serialization.clear_safe_globals()
    yield
    torch.serialization.clear_safe_globals()
    torch.serialization.add_safe_globals(known)


def assert_same(loaded, runner):
    """Compare a loaded checkpoint with the runner that saved it."""
    state = runner.model.state_dict()
    assert loaded['state_dict'].keys() == state.keys()
    for name, weight in state.items():
        assert torch.equal(loaded['state_dict'][name], weight)
    hub = loaded['message_hub']
    for name, value in INFO.items():
        found = hub['runtime_info'][name]
        assert type(found) is type(value), name
        np.testing.assert_array_equal(found, value, err_msg=name)
        assert getattr(found, 'dtype', None) == getattr(value, 'dtype', None)
    scalars = runner.message_hub.log_scalars
    assert {'train/loss', 'train/lr'} <= hub['log_scalars'].keys()
    for name, own in scalars.items():
        found = hub['log_scalars'][name]
        assert type(found) is HistoryBuffer
        for theirs, ours in zip(found.data, own.data):
            np.testing.assert_array_equal(theirs, ours)
        for statistic in ('mean', 'min', 'max', 'current'):
            assert found.statistics(statistic) == own.statistics(statistic)


def test_a_checkpoint_of_mmengine_comes_back_equal(checkpoint, load):
    path, runner = checkpoint
    assert_same(load(path), runner)


def test_a_checkpoint_written_beside_the_other_numpy(checkpoint, load,
                                                     tmp_path):
    path, runner = checkpoint
    other = tmp_path / 'other.pth'
    renamed = 0
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, 'w') as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith('data.pkl'):
                # numpy 2 calls numpy 1's module numpy.core by another name.
                for own, theirs in ((b'cnumpy._core.', b'cnumpy.core.'),
                                    (b'cnumpy.core.', b'cnumpy._core.')):
                    if own in data:
                        renamed = data.count(own)
                        data = data.replace(own, theirs)
                        break
            new.writestr(entry, data)
    assert renamed > 1
    assert_same(load(other), runner)


def test_a_file_in_the_format_before_torch_1_6(load, tmp_path):
    path = tmp_path / 'old.pth'
    weights = {'one': torch.arange(6.).reshape(2, 3), 'two': torch.ones(1)}
    torch.save(weights, path, _use_new_zipfile_serialization=False)
    loaded = load(path)
    assert loaded.keys() == weights.keys()
    for name, weight in weights.items():
        assert torch.equal(loaded[name], weight)


def test_code_in_the_format_before_torch_1_6(load, tmp_path):
    class Payload:

        def __reduce__(self):
            return Path.touch, (tmp_path / 'ran', )

    path = tmp_path / 'bomb.pth'
    torch.save({'one': Payload()}, path,
               _use_new_zipfile_serialization=False)
    with pytest.raises(pickle.UnpicklingError):
        load(path)
    assert not (tmp_path / 'ran').exists()


def test_mmengine_resumes_from_its_own_checkpoint(checkpoint):
    path, runner = checkpoint
    runner.train_loop._epoch = 0
    runner.message_hub._log_scalars.clear()
    runner.resume(str(path))
    assert runner.epoch == 1
    assert len(runner.message_hub.get_scalar('train/loss').data[0]) == 4


def test_needed_once_and_said_once(checkpoint, torch_alone, caplog):
    path, _ = checkpoint
    with pytest.raises(pickle.UnpicklingError):
        torch.load(path)
    caplog.set_level(logging.DEBUG, 'uar_mmpretrain.compat')
    assert allow_mmengine_checkpoints() > 0
    assert allow_mmengine_checkpoints() == 0
    lines = [r for r in caplog.records if 'checkpoint_globals' in r.name]
    assert [r.levelno for r in lines] == [logging.DEBUG]
    torch.load(path)


@pytest.mark.parametrize('version, acts', [('2.5.1', False),
                                           ('2.6.0', True),
                                           ('2.10.0+cpu', True)])
def test_only_where_torch_reads_safely(version, acts, torch_alone,
                                       monkeypatch):
    monkeypatch.setattr(torch, '__version__', version)
    assert (allow_mmengine_checkpoints() > 0) is acts
    assert bool(torch.serialization.get_safe_globals()) is acts


class Call:
    """Pickles as a call; may itself be what is called."""

    def __init__(self, function, *args):
        self.parts = function, args

    def __reduce__(self):
        return self.parts

    def __call__(self):
        """Only so that pickle takes it for a function."""


def command(marker):
    return Call(os.system, f'touch {marker}')


def way_through_getattr(marker):
    """From the allowed class to exec, by attributes alone."""
    names = Call(getattr, Call(getattr, HistoryBuffer, '__init__'),
                 '__globals__')
    builtins = Call(Call(getattr, names, 'get'), '__builtins__')
    run = Call(Call(getattr, builtins, 'get'), 'exec')
    return Call(run, f'open({str(marker)!r}, "w").close()')


@pytest.mark.parametrize('attack', [command, way_through_getattr])
def test_code_in_a_checkpoint_is_refused_and_not_run(attack, load, tmp_path):
    marker, path = tmp_path / 'ran', tmp_path / 'evil.pth'
    evil = dict(state_dict={}, meta=attack(marker))
    # The attack is real: the unsafe reader runs it.
    pickle.loads(pickle.dumps(evil, protocol=2))
    assert marker.exists()
    marker.unlink()
    torch.save(evil, path)
    for read in (load, read_checkpoint):
        with pytest.raises((ValueError, pickle.UnpicklingError)):
            read(path)
    assert not marker.exists()


@pytest.mark.parametrize('owner, name', [
    (HistoryBuffer, '__init__'),
    (HistoryBuffer, 'register_statistics'),
    (np.ndarray, 'tofile'),
    (np.dtype, 'newbyteorder'),
])
def test_only_log_statistics_are_read_as_attributes(owner, name, load,
                                                    tmp_path):
    torch.save(Call(getattr, owner, name), tmp_path / 'evil.pth')
    with pytest.raises(ValueError, match=f'asks for attribute {name!r}'):
        load(tmp_path / 'evil.pth')


class Changed(Call):
    """Pickles as the result of a call whose attributes are then set."""

    def __reduce__(self):
        return *self.parts, dict(changed=True)


def test_a_function_that_may_be_called_cannot_be_changed(load, tmp_path):
    torch.save(Changed(getattr, HistoryBuffer, 'mean'), tmp_path / 'evil.pth')
    with pytest.raises(pickle.UnpicklingError):
        load(tmp_path / 'evil.pth')
    assert not hasattr(HistoryBuffer.mean, 'changed')
