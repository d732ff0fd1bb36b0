"""Arrays of the NumPy version as tensors, kept on the device."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache

import numpy as np
import torch


@lru_cache(maxsize=128)
def on_device(device: torch.device, make: Callable[..., np.ndarray],
              *args: Hashable) -> torch.Tensor:
    """Return ``make(*args)`` as a tensor, moved to the device only once.

    Args:
        device (torch.device): Where it shall lie.
        make (Callable): Function of the arguments alone that returns an
            array.
        *args (Hashable): Its arguments.

    Returns:
        torch.Tensor: Shared between calls; not to be written to.
    """
    return torch.tensor(make(*args), device=device)


def look_up(table: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
    """Replace every index by its entry.

    Args:
        table (torch.Tensor): (n, ).
        index (torch.Tensor): int32 or int64, any shape.

    Returns:
        torch.Tensor: Entries in the shape of ``index``.
    """
    return table.index_select(0, index.reshape(-1)).view(index.shape)
