"""Why a prediction is uncertain: pure functions on member scores."""

from .decomposition import Decomposition, decompose

__all__ = ['Decomposition', 'decompose']
