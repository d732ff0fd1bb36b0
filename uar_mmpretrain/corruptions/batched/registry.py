"""Which corruptions have a torch version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from ..registry import get, names
from ..seeding import Key

Apply = Callable[[torch.Tensor, Any, Sequence[Key]], torch.Tensor]

_REGISTRY: dict[str, Apply] = {}


def register(name: str) -> Callable[[Apply], Apply]:
    """Register the decorated function as torch version of a corruption.

    It is called as ``function(images, params, keys)`` with (B, 3, H, W) uint8
    **BGR** images, the constants that the NumPy version takes, and one key
    per image; it leaves the images alone and returns new ones of their shape.

    Args:
        name (str): Name of a corruption that has a NumPy version.

    Returns:
        Callable: Decorator that returns the function unchanged.

    Raises:
        ValueError: If there is no such corruption or it is taken.
    """
    get(name)
    if name in _REGISTRY:
        raise ValueError(f'{name!r} has a torch version already')

    def decorate(apply: Apply) -> Apply:
        _REGISTRY[name] = apply
        return apply

    return decorate


def find(name: str) -> Apply | None:
    """Return the torch version of a corruption, None if it has none.

    Args:
        name (str): Name of a corruption.

    Returns:
        Callable | None: As registered.
    """
    return _REGISTRY.get(name)


def batched_names() -> list[str]:
    """List the corruptions that run in torch, in the order of ImageNet-C.

    Returns:
        list[str]: Names; the others run in NumPy, image by image.
    """
    return [name for name in names() if name in _REGISTRY]
