"""The public function: checks, constants, draws, application."""

from __future__ import annotations

import numbers
from typing import Any

import cv2
import numpy as np

from . import registry
from .seeding import Key
from .severities import PARAM_SETS, constants

CLEAN = 'clean'
SEVERITIES = (1, 2, 3, 4, 5)
CHANNEL_ORDERS = ('bgr', 'rgb')

_MIN_SIDE = 8


def corrupt(image: np.ndarray,
            name: str,
            severity: int,
            *,
            seed: int = 0,
            image_id: str = '',
            params: str = 'imagenet',
            channel_order: str = 'bgr') -> np.ndarray:
    """Corrupt one image.

    The same ``(image, name, severity, seed, image_id, params)`` gives the
    same pixels in any process, in any order; an RGB image gives the
    RGB version of what its BGR version gives.

    Args:
        image (np.ndarray): (H, W, 3) uint8, or (H, W) uint8 grey, which is
            replicated; at least 8 pixels each way. Never modified.
        name (str): A name of :func:`names`, or ``'clean'`` for a copy.
        severity (int): 1 to 5; 0 for ``'clean'``.
        seed (int): Seed of the random corruptions.
        image_id (str): What tells this image from others, best its POSIX
            path relative to the data root. Images with equal ids get equal
            noise.
        params (str): Constants: ``'imagenet'``, ``'imagenet299'``,
            ``'tiny'``, ``'cifar'``, or ``'auto'`` by the shorter side.
        channel_order (str): ``'bgr'`` or ``'rgb'``, of input and output.

    Returns:
        np.ndarray: New (H, W, 3) uint8 array in ``channel_order``.

    Raises:
        TypeError: If ``image`` is not a uint8 array, or severity, seed or
            image_id have the wrong type.
        ValueError: If the shape, name, severity, params or channel_order is
            not one of those above.

    Example:
        >>> face = np.zeros((48, 48, 3), np.uint8)
        >>> corrupt(face, 'brightness', 2)[0, 0].tolist()
        [51, 51, 51]
    """
    check_variant(name, severity)
    check_options(seed, params, channel_order)
    if not isinstance(image_id, str):
        raise TypeError('image_id must be a string such as the path relative '
                        f'to the data root, found {image_id!r}')
    image = _three_channels(image)
    if name == CLEAN:
        return image.copy()
    if channel_order == 'rgb':
        image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    key = Key(int(seed), image_id, name, int(severity))
    result = _run(image, key, params)
    if channel_order == 'rgb':
        result = cv2.cvtColor(result, cv2.COLOR_BGR2RGB)
    return result


def check_variant(name: str, severity: int) -> None:
    """Refuse a corruption and severity that do not exist.

    Args:
        name (str): Name of a corruption, or ``'clean'``.
        severity (int): 1 to 5; 0 for ``'clean'``.

    Raises:
        TypeError: If severity is not an integer.
        ValueError: If the name is unknown or the severity out of range.
    """
    if not _is_integer(severity):
        raise TypeError(f'severity must be an integer, found {severity!r}')
    if name == CLEAN:
        if severity != 0:
            raise ValueError(
                f"severity of 'clean' must be 0, found {severity}")
        return
    registry.get(name)
    if severity not in SEVERITIES:
        hint = ("; use the name 'clean' for an unchanged image"
                if severity == 0 else '')
        raise ValueError(f'severity of {name!r} must be 1 to 5, found '
                         f'{severity}{hint}')


def check_options(seed: int, params: str, channel_order: str) -> None:
    """Refuse options that no corruption takes.

    Args:
        seed (int): Seed of the random corruptions.
        params (str): Parameter set.
        channel_order (str): Order of the channels.

    Raises:
        TypeError: If the seed is not an integer.
        ValueError: If ``params`` or ``channel_order`` is unknown.
    """
    if not _is_integer(seed):
        raise TypeError(f'seed must be an integer, found {seed!r}')
    for field, found, allowed in (('params', params, PARAM_SETS),
                                  ('channel_order', channel_order,
                                   CHANNEL_ORDERS)):
        if found not in allowed:
            raise ValueError(f'{field} must be one of '
                             f"{', '.join(map(repr, allowed))}; found "
                             f'{found!r}')


def _run(image: np.ndarray, key: Key, params: str) -> np.ndarray:
    corruption = registry.get(key.corruption)
    values = constants(key.corruption, key.severity, params, image.shape)
    draws = None
    if corruption.draw is not None:
        draws = corruption.draw(key, image.shape, values)
    return corruption.apply(image, values, draws)


def _is_integer(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _three_channels(image: Any) -> np.ndarray:
    """Check an image and return it contiguous with three channels."""
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        found = (f'{image.dtype} array' if isinstance(image, np.ndarray) else
                 type(image).__name__)
        raise TypeError('image must be a uint8 NumPy array with values 0 to '
                        f'255, found {found}; corrupt before normalising')
    grey = image.ndim == 2
    if not grey and (image.ndim != 3 or image.shape[2] != 3):
        raise ValueError('image must have shape (H, W, 3) or (H, W), found '
                         f'{image.shape}')
    if min(image.shape[:2]) < _MIN_SIDE:
        raise ValueError(f'image must be at least {_MIN_SIDE} pixels each '
                         f'way, found shape {image.shape}')
    if grey:
        return np.repeat(image[..., None], 3, axis=2)
    return np.ascontiguousarray(image)
