"""What comes before the first stochastic layer needs to run only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from ...uncertainty.tracing import is_traced
from .layer import StochasticLayer


class PrefixCache:
    """Repeated passes over the same images without their common beginning.

    The first pass notes the output of every module that ended before the
    first stochastic layer began; in the later ones these modules return it
    instead of running. If only the head is stochastic that is the whole
    backbone, and with the last blocks all blocks before them. The numbers
    are the same.

    For one batch, its outputs are held in memory.

    Args:
        model (nn.Module): With stochastic layers, in evaluation mode.
    """

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._outputs: dict[nn.Module, Any] | None = None

    @contextmanager
    def one_pass(self) -> Iterator[None]:
        """Record the first pass that runs inside, replay in the others."""
        if is_traced():
            # What is computed twice in a traced graph is found there.
            yield
            return
        step = self._record if self._outputs is None else self._replay
        with step():
            yield

    @contextmanager
    def _record(self) -> Iterator[None]:
        found: dict[nn.Module, tuple[Any, Any]] = {}
        calls: Counter[nn.Module] = Counter()
        reached: list[nn.Module] = []

        def reach(layer: nn.Module, args: Any) -> None:
            reached.append(layer)

        def note(module: nn.Module, args: Any, output: Any) -> None:
            calls[module] += 1
            if not reached:
                found[module] = (output, _copy(output))

        handles = [
            module.register_forward_pre_hook(reach)
            if isinstance(module, StochasticLayer) else
            module.register_forward_hook(note)
            for module in _parts(self._model)
        ]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()
        # An output that a later layer overwrote in place (an activation,
        # mostly) would be overwritten in the next pass again: not replayed.
        self._outputs = {
            module: copy for module, (output, copy) in found.items()
            if calls[module] == 1 and _equal(output, copy)
        }

    @contextmanager
    def _replay(self) -> Iterator[None]:
        outputs: dict[Any, Any] = self._outputs or {}
        try:
            for module, output in outputs.items():
                module.forward = _Constant(output)
            yield
        finally:
            for module in outputs:
                del module.forward


class _Constant:
    """A forward method that has run already."""

    def __init__(self, output: Any) -> None:
        self._output = output

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._output


def _parts(module: nn.Module) -> Iterator[nn.Module]:
    """Stochastic layers, and the largest modules without any."""
    for child in module.children():
        mixed = any(isinstance(one, StochasticLayer)
                    for one in child.modules())
        # A list is never called itself.
        if isinstance(child, StochasticLayer) or not (
                mixed or isinstance(child, (nn.ModuleList, nn.ModuleDict))):
            yield child
        else:
            yield from _parts(child)


def _copy(output: Any) -> Any:
    """Copy the tensors of an output."""
    if isinstance(output, torch.Tensor):
        return output.clone()
    if type(output) in (tuple, list):
        return type(output)(_copy(one) for one in output)
    return output


def _equal(output: Any, copy: Any) -> bool:
    """Whether an output can be kept and is what it was when copied."""
    if isinstance(output, torch.Tensor):
        return torch.equal(output, copy)
    if type(output) in (tuple, list):
        return all(map(_equal, output, copy))
    # Numbers such as the patch grid; anything else may hold tensors.
    return isinstance(output, (int, float, str, type(None)))
