"""Why a prediction is uncertain: pure functions on member scores."""

from .decomposition import Decomposition, decompose
from .temperature import Temperature

__all__ = ['Decomposition', 'Temperature', 'decompose']
