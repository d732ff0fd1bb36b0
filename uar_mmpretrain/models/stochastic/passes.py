"""One stochastic pass: which masks, and everything else at rest."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from torch import nn

from .layer import StochasticLayer


def stochastic_layers(model: nn.Module) -> dict[str, StochasticLayer]:
    """Return the stochastic layers of a network by name."""
    return {name: module for name, module in model.named_modules()
            if isinstance(module, StochasticLayer)}


@contextmanager
def fixed_masks(model: nn.Module, seed: int, number: int) -> Iterator[None]:
    """Sample one network and keep it, for as many images as one likes.

    A mask follows from seed, number, the layer's name and its size. It
    depends neither on images, batches or processes nor on the global
    generator. Processors and GPUs draw different masks from one seed.

    Args:
        model (nn.Module): With stochastic layers.
        seed (int): Of all passes.
        number (int): Of this pass.
    """
    layers = stochastic_layers(model)
    try:
        for name, layer in layers.items():
            entropy = (seed, number, zlib.crc32(name.encode()))
            state = np.random.SeedSequence(entropy).generate_state(1)
            layer.pass_seed = int(state[0])
        yield
    finally:
        for layer in layers.values():
            layer.pass_seed = None


@contextmanager
def switched_off(model: nn.Module) -> Iterator[None]:
    """Make a network the plain, deterministic one."""
    layers = stochastic_layers(model).values()
    before = [layer.active for layer in layers]
    try:
        for layer in layers:
            layer.active = False
        yield
    finally:
        for layer, active in zip(layers, before):
            layer.active = active


@contextmanager
def evaluation_mode(model: nn.Module) -> Iterator[None]:
    """Put batch norm and stochastic depth at rest, whatever the mode is.

    Batch statistics would make an image's scores depend on its neighbours,
    and dropping paths would sample from another posterior.
    """
    before = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        yield
    finally:
        # One by one: train() would wake what was frozen.
        for module, training in before:
            module.training = training
