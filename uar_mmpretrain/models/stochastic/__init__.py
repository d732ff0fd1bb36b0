"""Layers that stay random in a test, and how they get into a network."""

from .dropconnect import DropConnectConv2d, DropConnectLinear
from .dropout import DropoutConv2d, DropoutLinear, MCDropout, MCDropout2d
from .injection import inject_stochastic_layers
from .layer import StochasticLayer
from .passes import (
    evaluation_mode,
    fixed_masks,
    stochastic_layers,
    switched_off,
)
from .prefix_cache import PrefixCache

__all__ = [
    'DropConnectConv2d', 'DropConnectLinear', 'DropoutConv2d',
    'DropoutLinear', 'MCDropout', 'MCDropout2d', 'PrefixCache',
    'StochasticLayer', 'evaluation_mode', 'fixed_masks',
    'inject_stochastic_layers', 'stochastic_layers', 'switched_off'
]
