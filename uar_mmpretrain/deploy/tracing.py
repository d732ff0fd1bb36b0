"""Making a model traceable for as long as it is traced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import nn

from ..models.stochastic import StochasticLayer, stochastic_layers


@contextmanager
def constant_masks(model: nn.Module, images: torch.Tensor) -> Iterator[None]:
    """Draw all masks of a Monte Carlo network beforehand.

    A graph draws no random numbers, but the masks of a pass follow from its
    seed: they are constants.

    Args:
        model (nn.Module): In evaluation mode.
        images (torch.Tensor): ``(N, 3, H, W)``, to see which masks there are.
    """
    layers = list(stochastic_layers(model).values())
    masks: dict[Any, torch.Tensor] = {}
    try:
        for layer in layers:
            layer.__dict__['thin'] = partial(_thin, masks, layer)
        if layers:
            # Now: a tensor made while tracing would be no constant.
            with torch.no_grad():
                model(images, mode='tensor')
        yield
    finally:
        for layer in layers:
            del layer.__dict__['thin']


def _thin(masks: dict[Any, torch.Tensor], layer: StochasticLayer,
          values: torch.Tensor, shape: Any) -> torch.Tensor:
    """As ``StochasticLayer.thin``, with the mask of an earlier call."""
    key = (id(layer), layer.pass_seed, layer.active, *shape)
    if key not in masks:
        masks[key] = type(layer).thin(layer, torch.ones(tuple(shape)), shape)
    return values * masks[key]
