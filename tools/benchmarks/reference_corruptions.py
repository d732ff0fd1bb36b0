"""The ``imagecorruptions`` package, made to run on the current stack.

The package (1.1.2, 2020) calls names that its dependencies have dropped
since. This module imports the installed package and puts those names back at
run time; it holds none of its code. Install it in an environment of its own,
apart from this project's::

    python -m venv reference
    reference/bin/pip install numpy scipy scikit-image Pillow opencv-python
    reference/bin/pip install --no-deps imagecorruptions==1.1.2
    reference/bin/python tools/benchmarks/reference_corruptions.py

The last line runs all 19 corruptions and says what works.
"""

from __future__ import annotations

import functools
import os
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

Reference = Callable[[np.ndarray, str, int], np.ndarray]


def load() -> Reference:
    """Import the reference and patch what fails on the current stack.

    Returns:
        Callable: ``reference(image, name, severity)`` -> uint8 image;
        ``image`` is (H, W, 3) uint8 RGB of at least 32 pixels each way. All
        its random numbers come from the global state of ``np.random``.

    Raises:
        ImportError: If the package is not installed in this environment.
    """
    functions = load_functions()

    def reference(image: np.ndarray, name: str, severity: int) -> np.ndarray:
        return np.uint8(functions.corrupt(image, severity, name))

    return reference


@functools.cache
def load_functions() -> types.ModuleType:
    """Import the reference, patched, as the package itself.

    Returns:
        module: ``imagecorruptions``; ``corruption_dict[name](pil, severity)``
        gives the values on 0..255 before they are truncated.

    Raises:
        ImportError: If the package is not installed in this environment.
    """
    # numpy 2 dropped the alias (fog).
    np.float_ = np.float64
    _provide_pkg_resources()
    with warnings.catch_warnings():
        # It imports from scipy.ndimage.interpolation.
        warnings.simplefilter('ignore', DeprecationWarning)
        try:
            import imagecorruptions
        except ModuleNotFoundError as error:
            raise ImportError(
                f'{error}. Run this with the Python of an environment that '
                'has imagecorruptions, see the top of '
                'tools/benchmarks/reference_corruptions.py') from error
    module = imagecorruptions.corruptions
    module.gaussian = _with_multichannel(module.gaussian)
    _seed_impulse_noise(module.sk.util)
    return imagecorruptions


def _provide_pkg_resources() -> None:
    """setuptools 81 dropped the module that finds the frost pictures."""
    try:
        import pkg_resources  # noqa: F401
    except ModuleNotFoundError:
        stand_in = types.ModuleType('pkg_resources')
        stand_in.resource_filename = _resource_filename  # type: ignore
        sys.modules['pkg_resources'] = stand_in


def _resource_filename(module: str, path: str) -> str:
    folder = os.path.dirname(str(sys.modules[module].__file__))
    return os.path.join(folder, path)


def _with_multichannel(gaussian: Callable) -> Callable:
    """scikit-image 0.21 renamed the argument that says what is a colour."""

    @functools.wraps(gaussian)
    def wrapper(image: np.ndarray,
                *args: Any,
                multichannel: bool = False,
                **kwargs: Any) -> np.ndarray:
        if multichannel:
            kwargs['channel_axis'] = -1
        return gaussian(image, *args, **kwargs)

    return wrapper


def _seed_impulse_noise(util: types.ModuleType) -> None:
    """scikit-image 0.21 left the global random state that the rest uses."""
    util.random_noise = functools.partial(  # type: ignore
        util.random_noise, rng=np.random.mtrand._rand)


def main() -> None:
    """Run every corruption once."""
    reference = load()
    image = np.random.RandomState(0).randint(0, 256, (48, 40, 3), np.uint8)
    for name in load_functions().corruption_dict:
        for severity in range(1, 6):
            np.random.seed(severity)
            result = reference(image, name, severity)
            assert result.shape == image.shape and result.dtype == np.uint8
        print(f'{name}: runs at severities 1 to 5')


if __name__ == '__main__':
    main()
