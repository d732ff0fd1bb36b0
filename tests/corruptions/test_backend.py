"""Which form of the corruptions runs."""

import sys

import pytest

from uar_mmpretrain import corruptions
from uar_mmpretrain.corruptions.backend import VARIABLE, kernels, set_backend


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    monkeypatch.setenv(VARIABLE, 'auto')
    kernels.cache_clear()
    yield
    kernels.cache_clear()


@pytest.fixture
def without_numba(monkeypatch):
    monkeypatch.delattr(corruptions, 'compiled', raising=False)
    monkeypatch.setitem(sys.modules, f'{corruptions.__name__}.compiled', None)


def test_numpy_runs_nothing_compiled():
    set_backend('numpy')
    assert kernels() is None


def test_new_processes_inherit_the_choice():
    set_backend('numpy')
    # What a started process sees is its environment.
    kernels.cache_clear()
    assert kernels() is None


def test_auto_does_without_numba(without_numba):
    assert kernels() is None


def test_numba_says_what_to_install(without_numba):
    set_backend('numba')
    with pytest.raises(ImportError, match=r'pip install uar_mmpretrain\[fast'):
        kernels()


@pytest.mark.parametrize('name', ['cuda', ''])
def test_unknown_names_are_refused(name, monkeypatch):
    with pytest.raises(ValueError, match=f'auto, numpy, numba.*{name!r}'):
        set_backend(name)
    monkeypatch.setenv(VARIABLE, name)
    with pytest.raises(ValueError, match=VARIABLE):
        kernels()
