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

import numpy as np

PARAM_SETS = ('imagenet', 'imagenet299', 'tiny', 'cifar', 'auto')

# Geometric means of the neighbouring sets' own sizes 32, 64, 224 and 299.
_AUTO_BORDERS = ((46, 'cifar'), (120, 'tiny'), (259, 'imagenet'))

_SAME_CONTRAST = (0.4, 0.3, 0.2, 0.1, 0.05)
_SAME_BRIGHTNESS = (0.1, 0.2, 0.3, 0.4, 0.5)
# Frost pictures were shrunk for the smaller sets.
_SAME_FROST = ((1, 0.4, 1.0), (0.8, 0.6, 1.0), (0.7, 0.7, 1.0),
               (0.65, 0.7, 1.0), (0.6, 0.75, 1.0))
_SAME_SNOW = ((0.1, 0.3, 3, 0.5, 10, 4, 0.8), (0.2, 0.3, 2, 0.5, 12, 4, 0.7),
              (0.55, 0.3, 4, 0.9, 12, 8, 0.7),
              (0.55, 0.3, 4.5, 0.85, 12, 8, 0.65),
              (0.55, 0.3, 2.5, 0.85, 12, 12, 0.55))


def _zooms(*ranges: tuple[float, float]) -> tuple[tuple[float, ...], ...]:
    """Half-open (end, step) ranges from 1, with the reference's round-off.

    Round-off is why a range may hold its end (1.11), and decides on which
    side of an integer the size of the enlarged part falls.
    """
    return tuple(
        tuple(np.arange(1, end, step).tolist()) for end, step in ranges)


_SAME_ZOOM = _zooms((1.11, 0.01), (1.16, 0.01), (1.21, 0.02), (1.26, 0.02),
                    (1.31, 0.03))
_SMALL_ZOOM = _zooms((1.06, 0.01), (1.11, 0.01), (1.16, 0.01), (1.21, 0.01),
                     (1.26, 0.01))


def _elastic(side: int, *rows: tuple[float, float, float]) -> tuple[Any, ...]:
    """(strength, sigmas, affine displacement) in pixels from sides."""
    return tuple((strength * side, (sigma * side, sigma * side),
                  affine * side) for strength, sigma, affine in rows)


_ELASTIC = ((2, 0.7, 0.1), (2, 0.08, 0.2), (0.05, 0.01, 0.02),
            (0.07, 0.01, 0.02), (0.12, 0.01, 0.02))

_TABLES: dict[str, dict[str, tuple[Any, ...]]] = {
    # standard deviation on the scale 0..1
    'gaussian_noise': {
        'imagenet': (0.08, 0.12, 0.18, 0.26, 0.38),
        'imagenet299': (0.09, 0.13, 0.19, 0.27, 0.40),
        'tiny': (0.04, 0.08, 0.12, 0.15, 0.18),
        'cifar': (0.04, 0.06, 0.08, 0.09, 0.10),
    },
    # expected photons at full brightness
    'shot_noise': {
        'imagenet': (60, 25, 12, 5, 3),
        'imagenet299': (50, 20, 10, 5, 3),
        'tiny': (250, 100, 50, 30, 15),
        'cifar': (500, 250, 100, 75, 50),
    },
    # share of the values that turn black or white
    'impulse_noise': {
        'imagenet': (0.03, 0.06, 0.09, 0.17, 0.27),
        'imagenet299': (0.04, 0.07, 0.10, 0.18, 0.28),
        'tiny': (0.01, 0.02, 0.05, 0.08, 0.14),
        'cifar': (0.01, 0.02, 0.03, 0.05, 0.07),
    },
    # standard deviation relative to the value itself
    'speckle_noise': {
        'imagenet': (0.15, 0.2, 0.35, 0.45, 0.6),
        'imagenet299': (0.16, 0.21, 0.36, 0.46, 0.61),
        'tiny': (0.15, 0.2, 0.25, 0.3, 0.35),
        'cifar': (0.06, 0.1, 0.12, 0.16, 0.2),
    },
    # sigma, pixels
    'gaussian_blur': {
        'imagenet': (1, 2, 3, 4, 6),
        'imagenet299': (1.5, 2.5, 3.5, 4.5, 6.5),
        'tiny': (0.5, 0.75, 1, 1.25, 1.5),
        'cifar': (0.4, 0.6, 0.7, 0.8, 1),
    },
    # (sigma, furthest displacement, iterations), pixels
    'glass_blur': {
        'imagenet': ((0.7, 1, 2), (0.9, 2, 1), (1, 2, 3), (1.1, 3, 2),
                     (1.5, 4, 2)),
        'imagenet299': ((0.8, 1, 3), (1, 3, 1), (1.1, 2, 4), (1.2, 4, 2),
                        (1.6, 5, 2)),
        'tiny': ((0.1, 1, 1), (0.5, 1, 1), (0.6, 1, 2), (0.7, 2, 1),
                 (0.9, 2, 2)),
        'cifar': ((0.05, 1, 1), (0.25, 1, 1), (0.4, 1, 1), (0.25, 1, 2),
                  (0.4, 1, 2)),
    },
    # (radius, sigma), pixels
    'motion_blur': {
        'imagenet': ((10, 3), (15, 5), (15, 8), (15, 12), (20, 15)),
        'imagenet299': ((12, 4), (17, 6), (17, 9), (17, 13), (22, 16)),
        'tiny': ((10, 1), (10, 1.5), (10, 2), (10, 2.5), (12, 3)),
        'cifar': ((6, 1), (6, 1.5), (6, 2), (8, 2), (9, 2.5)),
    },
    # enlargements that are averaged
    'zoom_blur': {
        'imagenet': _SAME_ZOOM,
        'imagenet299': _SAME_ZOOM,
        'tiny': _SMALL_ZOOM,
        'cifar': _SMALL_ZOOM,
    },
    # (mean and deviation of the flakes, their enlargement, threshold,
    # radius and sigma of their motion in pixels, share of the picture kept)
    'snow': {
        'imagenet': _SAME_SNOW,
        'imagenet299': _SAME_SNOW,
        'tiny': ((0.1, 0.2, 1, 0.6, 8, 3, 0.8), (0.1, 0.2, 1, 0.5, 10, 4, 0.8),
                 (0.15, 0.3, 1.75, 0.55, 10, 4, 0.7),
                 (0.25, 0.3, 2.25, 0.6, 12, 6, 0.65),
                 (0.3, 0.3, 1.25, 0.65, 14, 12, 0.6)),
        'cifar': ((0.1, 0.2, 1, 0.6, 8, 3, 0.95),
                  (0.1, 0.2, 1, 0.5, 10, 4, 0.9),
                  (0.15, 0.3, 1.75, 0.55, 10, 4, 0.9),
                  (0.25, 0.3, 2.25, 0.6, 12, 6, 0.85),
                  (0.3, 0.3, 1.25, 0.65, 14, 12, 0.8)),
    },
    # (share of the picture, share of the frost, scale of the textures)
    'frost': {
        'imagenet': _SAME_FROST,
        'imagenet299': _SAME_FROST,
        'tiny': ((1, 0.3, 0.3), (0.9, 0.4, 0.3), (0.8, 0.45, 0.3),
                 (0.75, 0.5, 0.3), (0.7, 0.55, 0.3)),
        'cifar': ((1, 0.2, 0.2), (1, 0.3, 0.2), (0.9, 0.4, 0.2),
                  (0.85, 0.4, 0.2), (0.75, 0.45, 0.2)),
    },
    # (amount, decay of the fractal per octave)
    'fog': {
        'imagenet': ((1.5, 2), (2, 2), (2.5, 1.7), (2.5, 1.5), (3, 1.4)),
        'imagenet299': ((1.5, 2), (2, 2), (2.5, 1.8), (2.5, 1.6), (3, 1.5)),
        'tiny': ((0.4, 3), (0.7, 3), (1, 2.5), (1.5, 2), (2, 1.75)),
        'cifar': ((0.2, 3), (0.5, 3), (0.75, 2.5), (1, 2), (1.5, 1.75)),
    },
    # (mean and deviation of the liquid, sigma of its smoothing in pixels,
    # threshold, strength of water or sigma of mud, kind)
    'spatter': {
        'imagenet': ((0.65, 0.3, 4, 0.69, 0.6, 'water'),
                     (0.65, 0.3, 3, 0.68, 0.6, 'water'),
                     (0.65, 0.3, 2, 0.68, 0.5, 'water'),
                     (0.65, 0.3, 1, 0.65, 1.5, 'mud'),
                     (0.67, 0.4, 1, 0.65, 1.5, 'mud')),
        'imagenet299': ((0.65, 0.3, 4, 0.69, 0.9, 'water'),
                        (0.65, 0.3, 3.5, 0.68, 0.9, 'water'),
                        (0.65, 0.3, 3, 0.68, 0.8, 'water'),
                        (0.65, 0.3, 1.2, 0.65, 1.8, 'mud'),
                        (0.67, 0.4, 1.2, 0.65, 1.8, 'mud')),
        'tiny': ((0.62, 0.1, 0.7, 0.7, 0.6, 'water'),
                 (0.65, 0.1, 0.8, 0.7, 0.6, 'water'),
                 (0.65, 0.3, 1, 0.69, 0.6, 'water'),
                 (0.65, 0.1, 0.7, 0.68, 0.6, 'mud'),
                 (0.65, 0.1, 0.5, 0.67, 0.6, 'mud')),
        'cifar': ((0.62, 0.1, 0.7, 0.7, 0.5, 'water'),
                  (0.65, 0.1, 0.8, 0.7, 0.5, 'water'),
                  (0.65, 0.3, 1, 0.69, 0.5, 'water'),
                  (0.65, 0.1, 0.7, 0.69, 0.6, 'mud'),
                  (0.65, 0.1, 0.5, 0.68, 0.6, 'mud')),
    },
    # (factor, offset) of the HSV saturation
    'saturate': {
        'imagenet': ((0.3, 0), (0.1, 0), (2, 0), (5, 0.1), (20, 0.2)),
        'imagenet299': ((0.3, 0), (0.1, 0), (2, 0), (5, 0.1), (20, 0.2)),
        'tiny': ((0.3, 0), (0.1, 0), (2, 0), (5, 0.1), (30, 0.2)),
        'cifar': ((0.3, 0), (0.1, 0), (1.5, 0), (2, 0.1), (2.5, 0.2)),
    },
    # (strength, sigma per axis, affine displacement), pixels; 244 for a
    # 224-pixel image is ImageNet-C's own
    'elastic_transform': {
        'imagenet': _elastic(244, *_ELASTIC),
        'imagenet299': _elastic(360, *_ELASTIC),
        'tiny': _elastic(64, (0, 0, 0.08), (0.05, 0.3, 0.06),
                         (0.1, 0.08, 0.06), (0.1, 0.03, 0.03),
                         (0.16, 0.03, 0.02)),
        'cifar': _elastic(32, (0, 0, 0.08), (0.05, 0.2, 0.07),
                          (0.08, 0.06, 0.06), (0.1, 0.04, 0.05),
                          (0.1, 0.03, 0.03)),
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


def jitter_constants(severity: int, shape: tuple[int, ...]) -> Any:
    """Constants of the ``imagecorruptions`` form of elastic_transform.

    It has one set, relative to the image, and no affine map.

    Args:
        severity (int): 1 to 5.
        shape (tuple[int, ...]): (H, W, ...) of the image.

    Returns:
        Any: (strength, (sigma of the rows, of the columns), 0), pixels.
    """
    height, width = shape[:2]
    strength = (12.5, 16.25, 21.25, 25, 30)[severity - 1] * 0.005 * height
    return strength, (0.01 * height, 0.01 * width), 0


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
