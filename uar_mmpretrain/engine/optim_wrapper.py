"""bfloat16 training where mmengine's AMP wrapper does not run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from mmengine.device import get_device
from mmengine.optim import OptimWrapper
from mmengine.registry import OPTIM_WRAPPERS
from torch import nn


@OPTIM_WRAPPERS.register_module()
class AutocastOptimWrapper(OptimWrapper):
    """Run the forward pass under bfloat16 autocast, on any device.

    mmengine's ``AmpOptimWrapper`` refuses to run on a CPU. bfloat16 has the
    exponent range of float32, so no loss scaling is needed. It pays on CPUs
    with bfloat16 instructions (AVX512_BF16, AMX); elsewhere set
    ``optim_wrapper.type=OptimWrapper``.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """Enter autocast around the forward pass."""
        device = get_device()
        with super().optim_context(model), torch.autocast(
                device, dtype=torch.bfloat16):
            yield
