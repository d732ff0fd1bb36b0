"""Channels in the registry, and what records a layer for them."""

from .build import build_channels, set_channels
from .taps import FeatureTaps

__all__ = ['FeatureTaps', 'build_channels', 'set_channels']
