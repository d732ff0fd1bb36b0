"""Full float32 for convolutions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


@contextmanager
def full_float32(device: torch.device) -> Iterator[None]:
    """Switch TF32 and autocast off for convolutions, then restore them.

    TF32 keeps 10 bits of the mantissa, so a sum over grey levels would be off
    by up to a tenth of a level, and with it every truncation near an integer.

    Args:
        device (torch.device): Where the work is done.

    Yields:
        None: While they are off.
    """
    switches = _switches()
    before = [getattr(module, name) for module, name, _ in switches]
    for module, name, off in switches:
        setattr(module, name, off)
    try:
        with torch.autocast(device.type, enabled=False):
            yield
    finally:
        for (module, name, _), value in zip(switches, before):
            setattr(module, name, value)


def _switches() -> list[tuple[Any, str, Any]]:
    """(module, attribute, value for full precision)."""
    backends: Any = torch.backends
    if hasattr(backends.cudnn, 'conv'):
        # Since torch 2.9. Reading the older switch is an error in programs
        # that have set the newer one.
        return [(backends.cudnn.conv, 'fp32_precision', 'ieee'),
                (backends.mkldnn.conv, 'fp32_precision', 'ieee')]
    return [(backends.cudnn, 'allow_tf32', False)]
