"""What the kernels are made with."""

from __future__ import annotations

from typing import Any

import numba
from numba.extending import intrinsic

# Without fastmath: no reordering and no fusing of operations.
kernel: Any = numba.njit(cache=True, nogil=True)


def _fma(context: Any, a: Any, b: Any, c: Any) -> Any:
    """Type and code of :data:`fma`."""

    def generate(target: Any, builder: Any, signature: Any,
                 arguments: Any) -> Any:
        return builder.fma(*arguments)

    return a(a, a, a), generate


# a b + c with a single rounding; all three of one float type.
fma: Any = intrinsic(_fma)
