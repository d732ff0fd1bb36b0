"""From two uncertainties to one action per image."""

from .actions import Action
from .calibration import fit_router
from .router import Router

__all__ = ['Action', 'Router', 'fit_router']
