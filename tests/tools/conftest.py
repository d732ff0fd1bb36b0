"""Tools as commands, without starting Python anew where it can be helped."""

import io
import multiprocessing
import os
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from mmengine.logging import MessageHub, MMLogger
from mmengine.registry import DefaultScope
from mmengine.visualization import Visualizer

ROOT = Path(__file__).parent.parent.parent
TOOLS = ROOT / 'tools'


@pytest.fixture
def run_tool(monkeypatch):
    """Run a tool in this process, as its command line would."""

    def run(script, *args):
        monkeypatch.setattr(sys, 'argv', [script, *map(str, args)])
        runpy.run_path(str(TOOLS / script), run_name='__main__')

    return run


@pytest.fixture(scope='session')
def fork_python():
    """What ``subprocess.run([sys.executable, script, ...])`` does, forked.

    Importing mmpretrain takes longer than most of what is tested here; a
    forked process has it already, and shares nothing else with this one.
    """
    return _fork_python


@pytest.fixture(scope='session')
def run_command(fork_python, tmp_path_factory):
    """Run a tool from the root of the clone; return what it printed."""

    def run(script, *args):
        log = tmp_path_factory.mktemp('command') / 'log'
        with log.open('w') as stream:
            done = fork_python([sys.executable, TOOLS / script, *args],
                               stream)
        assert done.returncode == 0, log.read_text()[-3000:]
        return log.read_text()

    return run


def _fork_python(command, stdout, stderr=None):
    _, *argv = map(str, command)
    if torch.cuda.is_available():
        # A GPU in use here is of no use in a forked process.
        return subprocess.run([sys.executable, *argv], cwd=ROOT,
                              stdout=stdout, stderr=subprocess.STDOUT)
    process = multiprocessing.get_context('fork').Process(
        target=be_python, args=(argv, stdout.fileno()))
    process.start()
    process.join()
    return SimpleNamespace(returncode=process.exitcode)


def be_python(argv, output):
    """Be the process that Python would have started."""
    for number in (1, 2):
        os.dup2(output, number)
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.FileIO(number, 'w', closefd=False),
                         line_buffering=True) for number in (1, 2))
    # What earlier runs left behind in mmengine.
    for kept in (DefaultScope, MMLogger, MessageHub, Visualizer):
        kept._instance_dict.clear()
    os.chdir(ROOT)
    sys.argv[:] = argv
    sys.path.insert(0, str(Path(argv[0]).parent))
    runpy.run_path(argv[0], run_name='__main__')
