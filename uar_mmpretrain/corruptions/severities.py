"""Constants of every corruption: five severities per parameter set.

``imagenet`` is ImageNet-C (224 px), ``imagenet299`` its Inception variant,
``tiny`` Tiny-ImageNet-C (64 px) and ``cifar`` CIFAR-10-C (32 px). A set's
constants are applied literally at any size: blur radii are in pixels, so
``imagenet`` on a 48-pixel face is far stronger than on a 224-pixel one.
``auto`` picks the set by the shorter side; report which one with every
number.
"""

from __future__ import annotations

from typing import Any

PARAM_SETS = ('imagenet', 'imagenet299', 'tiny', 'cifar', 'auto')

# Geometric means of the neighbouring sets' own sizes 32, 64, 224 and 299.
_AUTO_BORDERS = ((46, 'cifar'), (120, 'tiny'), (259, 'imagenet'))

_SAME_CONTRAST = (0.4, 0.3, 0.2, 0.1, 0.05)
_SAME_BRIGHTNESS = (0.1, 0.2, 0.3, 0.4, 0.5)

_TABLES: dict[str, dict[str, tuple[Any, ...]]] = {
    # standard deviation on the scale 0..1
    'gaussian_noise': {
        'imagenet': (0.08, 0.12, 0.18, 0.26, 0.38),
        'imagenet299': (0.09, 0.13, 0.19, 0.27, 0.40),
        'tiny': (0.04, 0.08, 0.12, 0.15, 0.18),
        'cifar': (0.04, 0.06, 0.08, 0.09, 0.10),
    },
    # (radius of the disk, sigma of its anti-aliasing), pixels
    'defocus_blur': {
        'imagenet': ((3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5)),
        'imagenet299': ((4, 0.1), (5, 0.5), (7, 0.5), (10, 0.5), (12, 0.5)),
        'tiny': ((0.5, 0.6), (1, 0.1), (1.5, 0.1), (2.5, 0.01), (3, 0.1)),
        'cifar': ((0.3, 0.4), (0.4, 0.5), (0.5, 0.6), (1, 0.2), (1.5, 0.1)),
    },
    # added to the HSV value on the scale 0..1
    'brightness': {
        'imagenet': _SAME_BRIGHTNESS,
        'imagenet299': _SAME_BRIGHTNESS,
        'tiny': _SAME_BRIGHTNESS,
        'cifar': (0.05, 0.1, 0.15, 0.2, 0.3),
    },
    # share of the distance to the channel mean that is kept
    'contrast': {
        'imagenet': _SAME_CONTRAST,
        'imagenet299': _SAME_CONTRAST,
        'tiny': _SAME_CONTRAST,
        'cifar': (0.75, 0.5, 0.4, 0.3, 0.15),
    },
    # share of the side that is kept
    'pixelate': {
        'imagenet': (0.6, 0.5, 0.4, 0.3, 0.25),
        'imagenet299': (0.5, 0.4, 0.3, 0.25, 0.2),
        'tiny': (0.9, 0.8, 0.7, 0.6, 0.5),
        'cifar': (0.95, 0.9, 0.85, 0.75, 0.65),
    },
    # JPEG quality
    'jpeg_compression': {
        'imagenet': (25, 18, 15, 10, 7),
        'imagenet299': (23, 16, 13, 8, 5),
        'tiny': (65, 58, 50, 40, 25),
        'cifar': (80, 65, 58, 50, 40),
    },
}


def constants(name: str, severity: int, params: str,
              shape: tuple[int, ...]) -> Any:
    """Look up the constants of one corruption.

    Args:
        name (str): Name of the corruption.
        severity (int): 1 to 5.
        params (str): One of :data:`PARAM_SETS`.
        shape (tuple[int, ...]): (H, W, ...) of the image, for ``'auto'``.

    Returns:
        Any: A number or a tuple of numbers, as the corruption's ``apply``
        takes it.
    """
    if params == 'auto':
        params = auto_params(shape)
    return _TABLES[name][params][severity - 1]


def auto_params(shape: tuple[int, ...]) -> str:
    """Choose the parameter set by the shorter side of an image.

    Args:
        shape (tuple[int, ...]): (H, W, ...).

    Returns:
        str: ``'cifar'`` below 46 pixels, ``'tiny'`` below 120, ``'imagenet'``
        below 259, else ``'imagenet299'``.
    """
    side = min(shape[:2])
    for border, params in _AUTO_BORDERS:
        if side < border:
            return params
    return 'imagenet299'
