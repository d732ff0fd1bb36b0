"""What may be chosen about the corruptions besides name and severity."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import Any

from .severities import PARAM_SETS

CHANNEL_ORDERS = ('bgr', 'rgb')
ELASTIC_DEFINITIONS = ('imagenet_c', 'imagecorruptions')


@dataclass(frozen=True)
class Options:
    """Choices that hold for a whole evaluation, checked once.

    The two published implementations agree on everything but two
    definitions, which are therefore options: ``elastic`` and
    ``frost_scale``. The defaults follow ImageNet-C.

    Attributes:
        seed (int): Seed of the random corruptions.
        params (str): Constants: ``'imagenet'`` (for 224 pixels),
            ``'imagenet299'``, ``'tiny'`` (64), ``'cifar'`` (32), or
            ``'auto'`` by the shorter side of the image.
        channel_order (str): ``'bgr'`` or ``'rgb'``, of input and output.
        elastic (str): ``'imagenet_c'`` (random affine map, then a smooth
            field) or ``'imagecorruptions'`` (near per-pixel jitter); the two
            are not comparable.
        frost_scale (float): Enlargement of the frost textures: 1.0 as
            ImageNet-C, 1.1 as ``imagecorruptions``.
        frost_dir (str, optional): Folder of ImageNet-C's own frost pictures
            (``frost1.png`` ..); None takes the drawn textures.
        gray (bool): Whether the result is turned grey again, for data sets
            of grey images, where noise, frost and spatter add colour.
        resave_quality (int, optional): JPEG quality with which the result
            is saved and read again; 85 for comparisons with the published
            ImageNet-C files, which went through that.

    Raises:
        TypeError: If an option has the wrong type.
        ValueError: If an option is not one of those above.
    """

    seed: int = 0
    params: str = 'imagenet'
    channel_order: str = 'bgr'
    elastic: str = 'imagenet_c'
    frost_scale: float = 1.0
    frost_dir: str | None = None
    gray: bool = False
    resave_quality: int | None = None

    def __post_init__(self) -> None:
        if not is_integer(self.seed):
            raise TypeError(f'seed must be an integer, found {self.seed!r}')
        for field, allowed in (('params', PARAM_SETS),
                               ('channel_order', CHANNEL_ORDERS),
                               ('elastic', ELASTIC_DEFINITIONS)):
            found = getattr(self, field)
            if found not in allowed:
                raise ValueError(f'{field} must be one of '
                                 f"{', '.join(map(repr, allowed))}; found "
                                 f'{found!r}')
        if (not isinstance(self.frost_scale, numbers.Real)
                or not 0.1 <= self.frost_scale <= 10):
            raise ValueError('frost_scale must be a number from 0.1 to 10, '
                             f'found {self.frost_scale!r}')
        quality = self.resave_quality
        if quality is not None and not (is_integer(quality)
                                        and 1 <= quality <= 100):
            raise ValueError('resave_quality must be a JPEG quality from 1 '
                             f'to 100 or None, found {quality!r}')


def is_integer(value: Any) -> bool:
    """Tell whether a value is an integer and not a truth value.

    Args:
        value (Any): Any object.

    Returns:
        bool: True for Python and NumPy integers.
    """
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)
