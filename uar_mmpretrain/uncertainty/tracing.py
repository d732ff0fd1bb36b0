"""Whether numbers can be looked at."""

from __future__ import annotations

import torch


def is_traced() -> bool:
    """Whether ``torch.export`` or ``torch.compile`` is building a graph.

    The tensors then have no numbers, so that nothing may depend on them.
    """
    # Since torch 2.2; older ones export in another way.
    is_compiling = getattr(torch.compiler, 'is_compiling', None)
    return is_compiling is not None and is_compiling()
