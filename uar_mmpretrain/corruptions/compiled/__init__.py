"""Compiled forms of what is slow in NumPy; needs numba.

Every kernel does the float32 operations of its NumPy/OpenCV form in the same
order, and fuses a multiplication with an addition only where OpenCV's vector
code does, so the results are equal bit for bit.
"""

from .bits import fill_integers, fill_table, fill_uniform, fill_words
from .boxes import pixelate
from .colours import brighten, coat, contrast, saturate
from .fog import mix, plasma
from .interpolation import rounds_like_opencv, zoom
from .lookup import count_photons, multiply, truncate
from .shifts import copy_neighbours, motion
from .snow import whiten

__all__ = [
    'brighten', 'coat', 'contrast', 'copy_neighbours', 'count_photons',
    'fill_integers', 'fill_table', 'fill_uniform', 'fill_words', 'mix',
    'motion', 'multiply', 'pixelate', 'plasma', 'rounds_like_opencv',
    'saturate', 'truncate', 'whiten', 'zoom'
]
