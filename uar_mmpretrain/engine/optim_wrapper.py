"""bfloat16 training where mmengine's AMP wrapper does not run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from mmengine.device import get_device
from mmengine.logging import print_log
from mmengine.optim import OptimWrapper
from mmengine.registry import OPTIM_WRAPPERS
from torch import nn

_INSTRUCTIONS = ('_is_avx512_bf16_supported', '_is_amx_tile_supported')


@OPTIM_WRAPPERS.register_module()
class AutocastOptimWrapper(OptimWrapper):
    """Run the forward pass under bfloat16 autocast, where that is faster.

    mmengine's ``AmpOptimWrapper`` refuses to run on a CPU. bfloat16 has the
    exponent range of float32, so no loss scaling is needed. A CPU without
    bfloat16 instructions (AVX512_BF16, AMX) would emulate it, slower than
    float32: there training is in float32, and a line in the log says so.

    Args:
        *args: As for mmengine's ``OptimWrapper``.
        **kwargs: As for mmengine's ``OptimWrapper``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.device = get_device()
        self.enabled = self.device != 'cpu' or cpu_has_bfloat16()
        if not self.enabled:
            print_log('training in float32: this processor has no '
                      'instructions for bfloat16', 'current')

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """Enter autocast around the forward pass."""
        with super().optim_context(model), torch.autocast(
                self.device, dtype=torch.bfloat16, enabled=self.enabled):
            yield


def cpu_has_bfloat16() -> bool:
    """Tell whether the processor computes in bfloat16.

    Returns:
        bool: True also where an older torch cannot tell.
    """
    tests = [getattr(torch.cpu, name) for name in _INSTRUCTIONS
             if hasattr(torch.cpu, name)]
    return not tests or any(test() for test in tests)
