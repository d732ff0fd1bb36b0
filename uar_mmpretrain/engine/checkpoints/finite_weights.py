"""Weights that are numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch


def check_finite_weights(state_dict: Mapping[str, Any], source: str) -> None:
    """Refuse weights that can only give NaN.

    Args:
        state_dict (Mapping[str, Any]): Weights by name; what is no tensor of
            floats is not looked at.
        source (str): Where they are from, for the message.

    Raises:
        ValueError: If a value is NaN or infinite; names the tensor.
    """
    for name, value in state_dict.items():
        if not torch.is_tensor(value) or not value.is_floating_point():
            continue
        broken = int((~torch.isfinite(value)).sum())
        if broken:
            raise ValueError(
                f'{source}: {name} has {broken} of {value.numel()} values '
                'that are not finite; expected numbers. Such a member says '
                'nothing about any image: train it again, with a lower '
                'learning rate or without mixed precision.')
