"""torchvision's operators are declared only where they are missing."""

import os
import subprocess
import sys

import pytest
import torch

from uar_mmpretrain.compat import torchvision_ops

# Loads the shim alone: importing the package would already apply it.
PRELUDE = f'''
import importlib.util, logging, sys
spec = importlib.util.spec_from_file_location('shim', {torchvision_ops.__file__!r})
shim = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shim)
logging.basicConfig(format='%(levelname)s %(message)s', stream=sys.stdout)
logging.getLogger('shim').setLevel(logging.DEBUG)
'''  # noqa: E501
WHOLE = "__version__ = '9.9'"
# What torchvision does when its compiled library is not there.
WITHOUT_OPS = '''
from . import part
import torch
for name in ('nms', 'qnms'):
    torch.library.register_fake(f'torchvision::{name}')(lambda *args: None)
__version__ = '9.9'
'''


@pytest.fixture
def run(tmp_path):
    """Run a script beside made torchvision packages; return its output."""

    def _run(script, **packages):
        for name, source in packages.items():
            folder = tmp_path / name / 'torchvision'
            folder.mkdir(parents=True)
            (folder / '__init__.py').write_text(source)
            (folder / 'part.py').write_text("print('part imported')")
        done = subprocess.run(
            [sys.executable, '-c', PRELUDE + script],
            cwd=tmp_path, env=dict(os.environ, OMP_NUM_THREADS='1'),
            capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return _run


def test_nothing_is_done_where_nothing_is_missing(run):
    out = run(
        '''
sys.path.insert(0, 'whole')
print(shim.declare_missing_torchvision_ops())
print(sys.modules['torchvision'].__version__)
# Already imported: not even looked at.
del sys.modules['torchvision'].__version__
print(shim.declare_missing_torchvision_ops())
import torch
print(hasattr(torch.ops.torchvision, 'nms'))
''', whole=WHOLE)
    assert out == ['[]', '9.9', '[]', 'False']


@pytest.mark.skipif(not hasattr(torch.library, 'register_fake'),
                    reason='torchvision of that age asks for no operator')
def test_missing_operators_are_declared_once_with_one_debug_line(run):
    out = run(
        '''
sys.path.insert(0, 'broken')
print(shim.declare_missing_torchvision_ops())
import torchvision, torch
print(torchvision.__version__)
print(shim.declare_missing_torchvision_ops())
try:
    torch.ops.torchvision.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
except NotImplementedError as error:
    print('nms' in str(error))
''', broken=WITHOUT_OPS)
    debug = [line for line in out if line.startswith('DEBUG')]
    assert len(debug) == 1
    assert 'torchvision 9.9' in debug[0] and 'nms, qnms' in debug[0]
    # The first import failed half way; the second starts afresh.
    assert [line for line in out if line not in debug] == [
        'part imported', 'part imported', "['nms', 'qnms']", '9.9', '[]',
        'True'
    ]


def test_other_failures_of_torchvision_are_not_hidden(run):
    out = run(
        '''
for folder in ('runtime', 'importing'):
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        shim.declare_missing_torchvision_ops()
    except (RuntimeError, ImportError) as error:
        print(type(error).__name__, error)
    sys.path.pop(0)
''',
        runtime="raise RuntimeError('libjpeg is of another version')",
        importing="raise ImportError('no libpng')")
    assert out == ['RuntimeError libjpeg is of another version',
                   'ImportError no libpng']


def test_without_torchvision(monkeypatch):
    monkeypatch.delitem(sys.modules, 'torchvision', raising=False)
    monkeypatch.setattr(torchvision_ops.importlib.util, 'find_spec',
                        lambda name: None)
    assert torchvision_ops.declare_missing_torchvision_ops() == []
    assert 'torchvision' not in sys.modules
