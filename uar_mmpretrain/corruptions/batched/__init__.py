"""The corruptions on batches of tensors, for GPUs.

The only place of :mod:`uar_mmpretrain.corruptions` that imports torch; import
it by its own name. It uses the keys, constants, tables and random bits of the
NumPy version. The four noises, brightness, contrast and pixelate give equal
pixels; the others differ by one level on at most 1 % of the values (most of
them on none), where float32 sums in another order fall on the other side of
an integer.

Adding a corruption: a function under ``@register(name)`` in the file of its
family, see :mod:`.registry`. One without such a function runs as its NumPy
version, image by image.
"""

# Importing a family registers its members.
from . import (  # noqa: F401
    blur,
    digital,
    elastic,
    fog,
    glass,
    noise,
    weather,
)
from .api import corrupt_batch
from .registry import batched_names

__all__ = ['batched_names', 'corrupt_batch']
