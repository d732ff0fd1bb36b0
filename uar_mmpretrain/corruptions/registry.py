"""The one registry of corruptions, by their ImageNet-C names."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .seeding import Key

Apply = Callable[[np.ndarray, Any, Any], np.ndarray]
Draw = Callable[[Key, tuple[int, int, int], Any], Any]

# The order in which ImageNet-C lists them; tables and figures follow it.
_ORDER = {
    'standard':
    ('gaussian_noise', 'shot_noise', 'impulse_noise', 'defocus_blur',
     'glass_blur', 'motion_blur', 'zoom_blur', 'snow', 'frost', 'fog',
     'brightness', 'contrast', 'elastic_transform', 'pixelate',
     'jpeg_compression'),
    'extra': ('speckle_noise', 'gaussian_blur', 'spatter', 'saturate'),
}
_REGISTRY: dict[str, Corruption] = {}


@dataclass(frozen=True)
class Corruption:
    """One corruption, split into its random draws and their application.

    Attributes:
        name (str): ImageNet-C name.
        group (str): ``'standard'`` (the 15 that are averaged) or ``'extra'``.
        apply (Callable): ``apply(image, params, draws)`` -> new HWC uint8 BGR
            image; deterministic, ``draws`` is None without ``draw``.
        draw (Callable, optional): ``draw(key, shape, params)`` -> draws for
            an image of ``shape`` (H, W, 3); None for deterministic ones.
    """

    name: str
    group: str
    apply: Apply
    draw: Draw | None = None


def register(name: str,
             draw: Draw | None = None) -> Callable[[Apply], Apply]:
    """Register the decorated ``apply`` function under an ImageNet-C name.

    Args:
        name (str): One of the 19 ImageNet-C names.
        draw (Callable, optional): Maker of its random draws.

    Returns:
        Callable: Decorator that returns the function unchanged.

    Raises:
        ValueError: If the name is not one of ImageNet-C or already taken.
    """
    group = next((g for g, members in _ORDER.items() if name in members), None)
    if group is None:
        raise ValueError(f'{name!r} is not a corruption of ImageNet-C; add it '
                         'to the order in corruptions/registry.py first')
    if name in _REGISTRY:
        raise ValueError(f'corruption {name!r} is registered already')

    def decorate(apply: Apply) -> Apply:
        _REGISTRY[name] = Corruption(name, group, apply, draw)
        return apply

    return decorate


def get(name: str) -> Corruption:
    """Look a corruption up by name.

    Args:
        name (str): ImageNet-C name, such as ``'gaussian_noise'``.

    Returns:
        Corruption: The registered entry.

    Raises:
        ValueError: If there is none of that name; offers the nearest names.
    """
    if name in _REGISTRY:
        return _REGISTRY[name]
    near = difflib.get_close_matches(str(name), names('all'), n=3)
    hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ''
    raise ValueError(f'unknown corruption {name!r}; {hint}available: '
                     f"{', '.join(names('all'))}")


def names(group: str = 'all') -> list[str]:
    """List the available corruptions in the order of ImageNet-C.

    Args:
        group (str): ``'standard'``, ``'extra'`` or ``'all'``.

    Returns:
        list[str]: Names, standard ones first.

    Raises:
        ValueError: If the group is none of the three.
    """
    if group != 'all' and group not in _ORDER:
        raise ValueError(f'unknown group of corruptions {group!r}; expected '
                         "'standard', 'extra' or 'all'")
    groups = _ORDER if group == 'all' else (group, )
    return [n for g in groups for n in _ORDER[g] if n in _REGISTRY]
