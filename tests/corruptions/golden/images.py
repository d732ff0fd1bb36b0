"""The pictures of the golden data, in integer arithmetic only.

They must come out the same on every platform and with every library version,
so nothing here resizes, rounds a float or draws from anything but NumPy's
frozen legacy stream.
"""

from __future__ import annotations

import numpy as np


def scene(height: int, width: int, seed: int) -> np.ndarray:
    """Soft colours, a hard edge, a dark corner and light grain, HWC RGB."""
    random = np.random.RandomState(seed)
    coarse = random.randint(20, 236, (5, 6, 3))
    image = _enlarge(_enlarge(coarse, height, axis=0), width, axis=1)
    image[height // 3:, width // 2:] = (
        image[height // 3:, width // 2:] * 3 // 5)
    image += random.randint(-4, 5, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


def _enlarge(values: np.ndarray, length: int, axis: int) -> np.ndarray:
    """Interpolate linearly between samples, in integers."""
    values = np.moveaxis(values, axis, 0)
    position = np.arange(length) * (len(values) - 1)
    low = np.minimum(position // (length - 1), len(values) - 2)
    share = (position - low * (length - 1)).reshape(-1, 1, 1)
    mixed = (values[low] * (length - 1 - share)
             + values[low + 1] * share) // (length - 1)
    return np.moveaxis(mixed, 0, axis)


def _highlights() -> np.ndarray:
    image = scene(32, 44, 3).astype(np.int64) * 2 - 100
    return np.clip(image, 0, 255).astype(np.uint8)


def _grey() -> np.ndarray:
    # At some sizes, 36 among them, round-off takes the reference's zoom_blur
    # past the last row and column, which it then darkens.
    return np.repeat(scene(34, 34, 4)[..., :1], 3, axis=2)


def _primaries() -> np.ndarray:
    image = np.zeros((32, 36, 3), np.uint8)
    for column, colour in enumerate(((255, 0, 0), (0, 255, 0), (0, 0, 255),
                                     (255, 255, 0), (255, 255, 255),
                                     (0, 0, 0))):
        image[:, 6 * column:6 * column + 6] = colour
    return image


def _checkerboard() -> np.ndarray:
    board = (np.add.outer(np.arange(33), np.arange(34)) % 2 * 255)
    return np.repeat(board.astype(np.uint8)[..., None], 3, axis=2)


# What photographs look like; shares of differing values are taken over these.
PHOTOS = {'scene': scene(64, 64, 1), 'portrait': scene(48, 40, 2)}
# The one that seeded results of the random corruptions are stored for: not
# square, and shorter than the longest motion.
REPLAYED = np.ascontiguousarray(PHOTOS['portrait'][:36, :32])
# Stand-ins for the frost photographs, which are not ours to pass on.
FROST_PICTURES = tuple(scene(60, 80, 10 + i) for i in range(5))
# Those that the random corruptions are summarised on.
TEXTURED = {**PHOTOS, 'highlights': _highlights(), 'grey': _grey()}
# All, with those on which truncation has to decide ties.
IMAGES = {
    **TEXTURED,
    'primaries': _primaries(),
    'checkerboard': _checkerboard(),
    **{
        f'flat {level}': np.full((32, 34, 3), level, np.uint8)
        for level in (0, 1, 127, 254, 255)
    },
}
