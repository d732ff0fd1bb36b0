"""The public function: checks, constants, draws, application."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from . import registry
from .digital import save_as_jpeg
from .options import Options, is_integer
from .seeding import Key
from .severities import constants, jitter_constants

CLEAN = 'clean'
SEVERITIES = (1, 2, 3, 4, 5)

MIN_SIDE = 8


def corrupt(image: np.ndarray,
            name: str,
            severity: int,
            *,
            image_id: str = '',
            repeat: int = 0,
            **options: Any) -> np.ndarray:
    """Corrupt one image.

    The same pixels, ``(name, severity, image_id, repeat)`` and options give
    the same result in any process, in any order; an RGB image gives the RGB
    version of what its BGR version gives.

    Args:
        image (np.ndarray): (H, W, 3) uint8, or (H, W) uint8 grey, which is
            replicated; at least 8 pixels each way. Never modified.
        name (str): A name of :func:`names`, or ``'clean'`` for a copy.
        severity (int): 1 to 5; 0 for ``'clean'``.
        image_id (str): What tells this image from others, best its POSIX
            path relative to the data root. Images with equal ids get equal
            noise.
        repeat (int): Another number, such as the epoch, gives another draw;
            0 for evaluation.
        **options: Fields of :class:`Options`: ``seed``, ``params``,
            ``channel_order``, ``elastic``, ``frost_scale``, ``frost_dir``,
            ``gray``, ``resave_quality``.

    Returns:
        np.ndarray: New (H, W, 3) uint8 array in the order of the input.

    Raises:
        TypeError: If ``image`` is not a uint8 array, something else has the
            wrong type, or there is no such option.
        ValueError: If the shape, name, severity or an option is not one of
            those above.

    Example:
        >>> face = np.zeros((48, 48, 3), np.uint8)
        >>> corrupt(face, 'brightness', 2)[0, 0].tolist()
        [51, 51, 51]
    """
    return corrupt_with(image, name, severity, image_id, repeat,
                        _checked(options))


def corrupt_with(image: np.ndarray, name: str, severity: int, image_id: str,
                 repeat: int, options: Options) -> np.ndarray:
    """Corrupt one image with options that were checked before.

    Args:
        image (np.ndarray): As for :func:`corrupt`.
        name (str): As for :func:`corrupt`.
        severity (int): As for :func:`corrupt`.
        image_id (str): As for :func:`corrupt`.
        repeat (int): As for :func:`corrupt`.
        options (Options): What holds for the whole evaluation.

    Returns:
        np.ndarray: As for :func:`corrupt`.

    Raises:
        TypeError: As for :func:`corrupt`.
        ValueError: As for :func:`corrupt`.
    """
    check_variant(name, severity)
    if not isinstance(image_id, str):
        raise TypeError('image_id must be a string such as the path relative '
                        f'to the data root, found {image_id!r}')
    if not is_integer(repeat):
        raise TypeError(f'repeat must be an integer, found {repeat!r}')
    image = _three_channels(image)
    if name == CLEAN:
        return image.copy()
    rgb = options.channel_order == 'rgb'
    if rgb:
        image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    key = Key(int(options.seed), image_id, name, int(severity), int(repeat))
    result = finish(_run(image, key, options), options)
    if rgb:
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
    if not is_integer(severity):
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


# One data set uses one set of options: checking it anew takes longer than some
# corruptions of a small image. typed: True is no seed, although 1 is.
_cached_options = lru_cache(maxsize=16, typed=True)(Options)


def _checked(options: dict[str, Any]) -> Options:
    try:
        return _cached_options(**options)
    except TypeError:
        pass  # not hashable, or refused: the message is that of Options
    return Options(**options)


def _run(image: np.ndarray, key: Key, options: Options) -> np.ndarray:
    corruption = registry.get(key.corruption)
    values = constants_for(key, image.shape, options)
    draws = None
    if corruption.draw is not None:
        draws = corruption.draw(key, image.shape, values)
    return corruption.apply(image, values, draws)


def constants_for(key: Key, shape: tuple[int, ...], options: Options) -> Any:
    """Look up what a corruption's ``draw`` and ``apply`` take.

    Args:
        key (Key): Of the corruption and severity.
        shape (tuple[int, ...]): (H, W, ...) of the image.
        options (Options): Which definition holds.

    Returns:
        Any: A number or a tuple.
    """
    name, severity = key.corruption, key.severity
    if name == 'elastic_transform' and options.elastic != 'imagenet_c':
        return jitter_constants(severity, shape)
    values = constants(name, severity, options.params, shape)
    if name == 'frost':
        share, amount, scale = values
        return share, amount, scale * options.frost_scale, options.frost_dir
    return values


def finish(image: np.ndarray, options: Options) -> np.ndarray:
    """Do what the options ask for after a corruption.

    Args:
        image (np.ndarray): HWC uint8 BGR, corrupted.
        options (Options): ``gray`` and ``resave_quality``.

    Returns:
        np.ndarray: HWC uint8 BGR.
    """
    if options.gray:
        gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        image = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    if options.resave_quality is not None:
        image = save_as_jpeg(image, options.resave_quality)
    return image


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
    if min(image.shape[:2]) < MIN_SIDE:
        raise ValueError(f'image must be at least {MIN_SIDE} pixels each '
                         f'way, found shape {image.shape}')
    if grey:
        return np.repeat(image[..., None], 3, axis=2)
    return np.ascontiguousarray(image)
