"""Tools in several processes, forked so that each is cheap."""

import os
import socket
import sys
from pathlib import Path
from runpy import run_path

import pytest
import torch

from uar_mmpretrain.engine.checkpoints import read_checkpoint

ROOT = Path(__file__).parents[3]
be_python = run_path(str(ROOT / 'tests/tools/conftest.py'))['be_python']


def free_port():
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        return found.getsockname()[1]


class Launched:
    """Processes of one tool that work together, as torchrun starts them."""

    def __init__(self, log, argv, number):
        self.log, self.argv, self.number = log, argv, number
        self.port = free_port()
        self.processes = torch.multiprocessing.start_processes(
            self._be_one, nprocs=number, start_method='fork', join=False)

    def _be_one(self, rank):
        if self.number > 1:
            os.environ.update(
                RANK=str(rank), LOCAL_RANK=str(rank),
                WORLD_SIZE=str(self.number), MASTER_ADDR='127.0.0.1',
                MASTER_PORT=str(self.port))
            self.argv += ['--launcher', 'pytorch']
        with open(f'{self.log}.{rank}', 'w') as stream:
            be_python(self.argv, stream.fileno())

    def output(self):
        return '\n'.join(Path(f'{self.log}.{rank}').read_text()
                         for rank in range(self.number))

    def finish(self):
        """Wait for all; if one fails the others are ended."""
        try:
            while not self.processes.join():
                pass
        except Exception as error:
            raise AssertionError(
                f'{self.output()[-4000:]}\n{error}') from None
        return self.output()

    def stop(self, number):
        """Send a signal to all, and wait for them."""
        for process in self.processes.processes:
            os.kill(process.pid, number)
        for process in self.processes.processes:
            process.join()


@pytest.fixture
def launch(tmp_path):
    """Start a tool in several processes."""
    count = 0

    def start(script, *args, number=1):
        nonlocal count
        count += 1
        return Launched(tmp_path / f'log_{count}',
                        [str(ROOT / 'tools' / script), *map(str, args)],
                        number)

    return start


@pytest.fixture
def start_anew():
    """Environment in which `python` is this one, with nothing imported."""
    bin_dir = os.path.dirname(sys.executable)
    return {**os.environ, 'PATH': f'{bin_dir}:{os.environ["PATH"]}',
            'PORT': str(free_port())}


def weights(path):
    return read_checkpoint(path)['state_dict']


@pytest.fixture(scope='session')
def assert_equal_weights():
    """Compare two checkpoints to the last bit."""

    def compare(one, other):
        one, other = weights(one), weights(other)
        assert one.keys() == other.keys()
        different = [key for key in one
                     if not torch.equal(one[key], other[key])]
        assert not different

    return compare


@pytest.fixture(scope='session')
def assert_same_figures():
    """Compare two metrics.json; batches of other images round otherwise."""

    def compare(one, other):
        for part in ('metrics', 'details'):
            assert one[part] == pytest.approx(other[part], abs=1e-6)
        for part in ('notes', 'settings', 'dataset', 'num_members'):
            assert one[part] == other[part]

    return compare
