"""The compiled forms give the very results of the NumPy/OpenCV forms."""

import subprocess
import sys

import numpy as np
import pytest

from uar_mmpretrain.corruptions import corrupt, names
from uar_mmpretrain.corruptions.backend import VARIABLE, kernels, set_backend
from uar_mmpretrain.corruptions.seeding import (
    random_entries,
    random_integers,
    random_uniform,
    random_words,
)

from .conftest import make_photo

pytest.importorskip('numba')

# Loads only the corruptions, whose parent package is slow to import.
USE_NUMPY = """
import sys, types
parent = types.ModuleType('uar_mmpretrain')
parent.__path__ = [sys.argv[1]]
sys.modules['uar_mmpretrain'] = parent
import numpy as np
from uar_mmpretrain import corruptions
assert 'numba' not in sys.modules
from uar_mmpretrain.corruptions.backend import set_backend
set_backend(sys.argv[2])
corruptions.corrupt(np.zeros((8, 8, 3), np.uint8), 'gaussian_noise', 1)
print('numba' in sys.modules)
"""


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    monkeypatch.setenv(VARIABLE, 'auto')
    yield
    kernels.cache_clear()


def both(function):
    """Return what the function gives compiled and what it gives in NumPy."""
    results = []
    for backend in ('numba', 'numpy'):
        set_backend(backend)
        results.append(function())
    return results


@pytest.mark.parametrize('shape', [(224, 224), (48, 48), (40, 56)])
@pytest.mark.parametrize('name', names('all'))
def test_same_pictures(name, shape):
    image = make_photo(*shape, seed=2)

    def severities():
        return [corrupt(image, name, severity) for severity in range(1, 6)]

    np.testing.assert_array_equal(*both(severities))


@pytest.mark.parametrize('level', [0, 1, 254, 255])
@pytest.mark.parametrize('name', names('all'))
def test_same_flat_pictures(name, level):
    """Truncation sits on the edge of a level, so round-off would show."""
    image = np.full((24, 37, 3), level, np.uint8)
    np.testing.assert_array_equal(*both(lambda: corrupt(image, name, 5)))


@pytest.mark.parametrize('count', [0, 1, 2, 3, 4, 5, 1001])
@pytest.mark.parametrize('key', [0, 2**63 + 11, 2**64 - 1])
def test_same_random_numbers(key, count):
    table = np.arange(65536, dtype=np.float32)
    for draw in (lambda: random_words(key, count),
                 lambda: random_uniform(key, count, -1, 1),
                 lambda: random_integers(key, count, -4, 4),
                 lambda: random_entries(key, table, count)):
        compiled, plain = both(draw)
        assert compiled.dtype == plain.dtype
        np.testing.assert_array_equal(compiled, plain)


@pytest.mark.parametrize('backend, loaded', [('numpy', 'False'),
                                             ('auto', 'True')])
def test_numba_is_loaded_only_when_it_is_used(backend, loaded):
    folder = sys.modules['uar_mmpretrain'].__path__[0]
    process = subprocess.run(
        [sys.executable, '-c', USE_NUMPY, folder, backend],
        capture_output=True, text=True, check=True)
    assert process.stdout.strip() == loaded


def test_without_a_folder_for_compiled_code(monkeypatch):
    from uar_mmpretrain.corruptions.compiled import decorators
    real = decorators.numba.njit

    def njit(cache=False, **kwargs):
        if cache:
            raise RuntimeError('cannot cache function: no locator available')
        return real(**kwargs)

    monkeypatch.setattr(decorators.numba, 'njit', njit)
    assert decorators.kernel(lambda x: x + 1)(2) == 3
