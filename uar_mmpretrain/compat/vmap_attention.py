"""Let members with attention run as one pass beside an older torch.

``torch.func.vmap`` of torch 2.1 has no rule for the fused kernels of
``scaled_dot_product_attention`` on a CPU and stops with "Batching rule not
implemented". The same attention as plain products passes, to the same
numbers. Which later torch needs it no more was not tried below 2.13; up to
2.5 the plain products are used.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch

from .checkpoint_globals import torch_version


def attention_under_vmap() -> AbstractContextManager:
    """Return what ``vmap`` over a network with attention is to run in."""
    if batches_attention():
        return nullcontext()
    return torch.backends.cuda.sdp_kernel(
        enable_flash=False, enable_mem_efficient=False, enable_math=True)


def batches_attention() -> bool:
    """Return whether ``vmap`` batches the fused kernels."""
    return torch_version() >= (2, 6)
