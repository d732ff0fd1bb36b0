"""Compiled forms of what is slow in NumPy; needs numba.

Every kernel does the float32 operations of its NumPy/OpenCV form in the same
order, and fuses a multiplication with an addition only where OpenCV's vector
code does, so the results are equal bit for bit.
"""

from .bits import fill_integers, fill_table, fill_uniform, fill_words
from .fog import mix, plasma
from .interpolation import rounds_like_opencv, zoom
from .lookup import brighten, count_photons, truncate
from .shifts import copy_neighbours, motion
from .snow import whiten

__all__ = [
    'brighten', 'copy_neighbours', 'count_photons', 'fill_integers',
    'fill_table', 'fill_uniform', 'fill_words', 'mix', 'motion', 'plasma',
    'rounds_like_opencv', 'truncate', 'whiten', 'zoom'
]
