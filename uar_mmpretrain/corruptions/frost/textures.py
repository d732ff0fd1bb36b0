"""The five frost textures, as the ``frost`` corruption adds them.

The shipped files hold the luminance of each style, drawn by
:mod:`.synthesis`; the colour is put on here, by tables in float64, so that
every release of NumPy and OpenCV loads the same textures.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from .styles import LUMA, STYLES, Style

DATA = Path(__file__).parent / 'data'
# Level of a tint file that means no tint, so that uint8 can hold both signs.
TINT_ZERO = 128
# Names in ImageNet-C, whose code never reaches its sixth picture.
PICTURES = ('frost1.png', 'frost2.png', 'frost3.png', 'frost4.jpg',
            'frost5.jpg')


@lru_cache(maxsize=8)
def textures(scale: float = 1.0,
             frost_dir: str | None = None) -> tuple[np.ndarray, ...]:
    """Return the five textures, one of which frost picks uniformly.

    They are teal, white, white, grey and slate, in the order of the pictures
    of ImageNet-C, whose second and third are the same: one array twice.

    Args:
        scale (float): Factor on both sides: 1 for ImageNet-C, 0.3 for
            Tiny-ImageNet-C and 0.2 for CIFAR-C, by linear interpolation; 1.1
            for the imagecorruptions package, by cubic.
        frost_dir (str, optional): Folder of the original pictures,
            ``frost1.png frost2.png frost3.png frost4.jpg frost5.jpg``, to use
            instead. Default: the textures of this package, 512 x 768.

    Returns:
        tuple[np.ndarray, ...]: Five HWC uint8 BGR arrays, read-only and
        shared between calls.

    Raises:
        FileNotFoundError: If pictures are missing from ``frost_dir``.
        ValueError: If one is not an image or ``scale`` is not positive.
    """
    if not scale > 0:
        raise ValueError(f'the scale of frost textures is {scale}; expected a '
                         'positive factor such as 1.0')
    if frost_dir is None:
        drawn = ((_colour(style), style.slots) for style in STYLES)
    else:
        drawn = ((picture, 1) for picture in _pictures(Path(frost_dir)))
    return tuple(
        texture for image, slots in drawn
        for texture in (_finish(image, scale), ) * slots)


def covering(texture: np.ndarray, height: int, width: int) -> np.ndarray:
    """Make a texture larger than an image, so that a crop can be taken.

    A texture too small is continued by whole mirror images of itself, which
    keeps its statistics and leaves no seam. Larger in both axes is meant
    strictly: the reference draws the offset of a crop below the difference.

    Args:
        texture (np.ndarray): HWC.
        height (int): Of the image, in pixels.
        width (int): Of the image, in pixels.

    Returns:
        np.ndarray: HWC, larger than (height, width) in both axes; the texture
        itself if it is already.
    """
    rows, columns = texture.shape[:2]
    down, across = height // rows, width // columns
    if down == across == 0:
        return texture
    return np.pad(texture, ((0, down * rows), (0, across * columns), (0, 0)),
                  'symmetric')


def _colour(style: Style) -> np.ndarray:
    """Load one style: mean + (L - mean L) direction, and the tint if any."""
    luminance = _read(DATA / f'{style.name}.png', cv2.IMREAD_GRAYSCALE)
    direction = np.array(style.direction) / np.dot(LUMA, style.direction)
    level = np.arange(256)[:, None] - np.dot(LUMA, style.mean)
    rgb = (style.mean + level * direction)[luminance]
    if style.tint is not None:
        tint = _read(DATA / f'{style.name}_tint.png', cv2.IMREAD_GRAYSCALE)
        # Without its own luminance, which the luminance file has in full.
        direction = np.array(style.tint) - np.dot(LUMA, style.tint)
        rgb += ((np.arange(256)[:, None] - TINT_ZERO) * direction)[tint]
    return np.rint(rgb[..., ::-1]).clip(0, 255).astype(np.uint8)


def _pictures(folder: Path) -> list[np.ndarray]:
    missing = [name for name in PICTURES if not (folder / name).is_file()]
    if missing:
        raise FileNotFoundError(
            f"no {', '.join(missing)} in frost_dir {folder}. Put the frost "
            f"pictures of ImageNet-C there ({', '.join(PICTURES)}), or leave "
            'frost_dir out for the textures of this package')
    return [_read(folder / name, cv2.IMREAD_COLOR) for name in PICTURES]


def _read(path: Path, mode: int) -> np.ndarray:
    # Not imread, which cannot open every path on every system.
    content = np.frombuffer(path.read_bytes(), np.uint8)
    image = cv2.imdecode(content, mode) if content.size else None
    if image is None:
        raise ValueError(f'{path} is not an image that OpenCV reads; copy it '
                         'again')
    return image


def _finish(image: np.ndarray, scale: float) -> np.ndarray:
    if scale != 1:
        method = cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC
        image = cv2.resize(image, (0, 0), fx=scale, fy=scale,
                           interpolation=method)
    image.flags.writeable = False
    return image
