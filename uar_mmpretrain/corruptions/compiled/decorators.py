"""What the kernels are made with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba.extending import intrinsic


def kernel(function: Callable) -> Any:
    """Compile a function at its first call, and keep the result on disk.

    Without fastmath: no reordering and no fusing of operations.

    Args:
        function (Callable): What numba can compile.

    Returns:
        Any: The compiled function.
    """
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # No folder to keep it in, as in a read-only container: compiled anew
        # in every process.
        return numba.njit(nogil=True)(function)



def _fma(context: Any, a: Any, b: Any, c: Any) -> Any:
    """Type and code of :data:`fma`."""

    def generate(target: Any, builder: Any, signature: Any,
                 arguments: Any) -> Any:
        return builder.fma(*arguments)

    return a(a, a, a), generate


# a b + c with a single rounding; all three of one float type.
fma: Any = intrinsic(_fma)
