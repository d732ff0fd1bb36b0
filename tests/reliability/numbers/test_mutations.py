"""Faults planted in a copy of the package are found by its tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .faults import FAULTS

pytestmark = pytest.mark.reliability

ROOT = Path(__file__).parents[3]
PURE = ('uncertainty', 'routing', 'evaluation/functional', 'files')


@pytest.fixture(scope='module')
def copy(tmp_path_factory):
    """Pure folders and their tests, where nothing else can be imported."""
    folder = tmp_path_factory.mktemp('copy')
    package = folder / 'uar_mmpretrain'
    for name in PURE:
        shutil.copytree(ROOT / 'uar_mmpretrain' / name, package / name)
    for module in (ROOT / 'uar_mmpretrain').glob('*.py'):
        shutil.copy(module, package)
    # Without what registers the rest with OpenMMLab.
    (package / '__init__.py').write_text('')
    (package / 'evaluation' / '__init__.py').write_text('')
    for name in ('uncertainty', 'routing', 'evaluation'):
        shutil.copytree(ROOT / 'tests' / name, folder / 'tests' / name)
    (folder / 'pytest.ini').write_text(
        '[pytest]\naddopts = -q --import-mode=importlib\n')
    return folder


def run_tests(folder, *names):
    """Run test files on the copy; return what pytest says."""
    environment = {**os.environ, 'PYTHONPATH': str(folder),
                   'PYTHONDONTWRITEBYTECODE': '1', 'OMP_NUM_THREADS': '1'}
    return subprocess.run(
        [sys.executable, '-m', 'pytest', '-x', '-p', 'no:cacheprovider',
         '-p', 'no:xdist', *(f'tests/{name}.py' for name in names)],
        cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture(scope='module')
def sound(copy):
    """The copy, after its tests passed with nothing planted."""
    done = run_tests(copy, *sorted({fault.tests for fault in FAULTS}))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return copy


@pytest.mark.parametrize('fault', FAULTS, ids=[f.what for f in FAULTS])
def test_a_planted_fault_is_found(sound, fault):
    file = sound / 'uar_mmpretrain' / f'{fault.file}.py'
    text = file.read_text(encoding='utf-8')
    assert text.count(fault.original) == 1, 'the table of faults is stale'
    try:
        file.write_text(text.replace(fault.original, fault.planted),
                        encoding='utf-8')
        done = run_tests(sound, fault.tests)
    finally:
        file.write_text(text, encoding='utf-8')
    # 1: tests failed. Others: nothing passed, or could not even be run.
    assert done.returncode == 1, (
        f'survived: {fault.what} in {fault.file}\n{done.stdout[-2000:]}')
