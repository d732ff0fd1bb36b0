"""Choice between the NumPy/OpenCV forms and the compiled ones.

Both give the same results, bit for bit; the compiled ones take less time.
The choice lives in an environment variable, so that worker processes share
it however they are started.
"""

from __future__ import annotations

import os
from functools import lru_cache
from types import ModuleType

BACKENDS = ('auto', 'numpy', 'numba')
VARIABLE = 'UAR_CORRUPTIONS_BACKEND'


def set_backend(name: str) -> None:
    """Choose how corruptions are computed from now on, also in new workers.

    Args:
        name (str): ``'numpy'``; ``'numba'``; or ``'auto'``, the default:
            numba where it can be imported and OpenCV rounds as it does.

    Raises:
        ValueError: If there is no such backend.
    """
    _check(name)
    os.environ[VARIABLE] = name
    kernels.cache_clear()


@lru_cache(maxsize=1)
def kernels() -> ModuleType | None:
    """Return the compiled forms, or None where the NumPy forms are to run.

    Nothing is imported or compiled before the first call.

    Returns:
        ModuleType | None: The package ``compiled``.

    Raises:
        ImportError: If numba was asked for and is not installed.
        RuntimeError: If numba was asked for and OpenCV rounds differently.
        ValueError: If the environment variable names no backend.
    """
    name = os.environ.get(VARIABLE, 'auto')
    _check(name)
    if name == 'numpy':
        return None
    try:
        from . import compiled
    except ImportError as error:
        if name == 'auto':
            return None
        raise ImportError("backend 'numba' needs numba: pip install "
                          "uar_mmpretrain[fast], or set the backend 'auto'"
                          ) from error
    if compiled.rounds_like_opencv():
        return compiled
    if name == 'auto':
        return None
    raise RuntimeError(
        "backend 'numba' would not give the results of this OpenCV, which "
        'interpolates coarsely (before 5.0) or runs on a processor without '
        "fused multiply-add; set the backend 'auto' or 'numpy'")


def _check(name: str) -> None:
    if name not in BACKENDS:
        raise ValueError(f'the backend of the corruptions must be one of '
                         f'{", ".join(BACKENDS)}, found {name!r} (argument '
                         f'of set_backend or variable {VARIABLE})')
