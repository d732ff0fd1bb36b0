"""Running the members of an ensemble as one batched pass."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from ..compat import attention_under_vmap
from .stochastic import stochastic_layers

# See stacking_pays.
_MIN_MEMBERS = 5
_MAX_IMAGES = 8


class StackedMembers:
    """Members of one architecture, their weights stacked.

    Each operation of the network runs once for all members
    (``torch.func.vmap``): a linear layer as a batched product of matrices, a
    convolution in groups.

    Args:
        members (Sequence[nn.Module]): M classifiers in evaluation mode.
        compile_options (dict | None): Of ``torch.compile``; None for running
            the pass as it is.
    """

    def __init__(self,
                 members: Sequence[nn.Module],
                 compile_options: dict[str, Any] | None = None) -> None:
        self._stacked = torch.func.stack_module_state(list(members))
        self._skeleton = copy.deepcopy(members[0]).to('meta')
        self._sources = [(tensor, _stamp(tensor)) for member in members
                         for tensor in (*member.parameters(),
                                        *member.buffers())]
        self._run: Callable[..., torch.Tensor] = self._all_members
        if compile_options is not None:
            self._run = torch.compile(self._run, **compile_options)

    def __call__(self, inputs: torch.Tensor) -> Sequence[torch.Tensor]:
        """Return the logits of every member, in order.

        Args:
            inputs (torch.Tensor): Preprocessed images ``(N, 3, H, W)``.
        """
        with attention_under_vmap():
            return self._run(*self._stacked, inputs).unbind(0)

    def is_current(self) -> bool:
        """Whether the weights that were stacked are still the members'.

        Notices what is written to them and moves them. Other parameters
        put in their place (``load_state_dict(assign=True)``) it does not:
        collecting all of them takes half as long as a small member.
        """
        return all(_stamp(tensor) == stamp for tensor, stamp in self._sources)

    def _all_members(self, parameters: dict, buffers: dict,
                     inputs: torch.Tensor) -> torch.Tensor:
        return torch.func.vmap(self._member, in_dims=(0, 0, None))(
            parameters, buffers, inputs)

    def _member(self, parameters: dict, buffers: dict,
                inputs: torch.Tensor) -> torch.Tensor:
        return torch.func.functional_call(
            self._skeleton, (parameters, buffers), (inputs, ),
            dict(mode='tensor'))


def stacking_obstacle(configs: Sequence[dict],
                      members: Sequence[nn.Module]) -> str | None:
    """Return what keeps members from being stacked, and what to do.

    Args:
        configs (Sequence[dict]): M configs of the members.
        members (Sequence[nn.Module]): Built from them.
    """
    if any(config != configs[0] for config in configs):
        return ('the member configs differ. Set batched=False, or give equal '
                'configs.')
    if any(stochastic_layers(member) for member in members):
        return ('the members draw random numbers (stochastic_layers). Set '
                'batched=False.')
    return None


def stacking_pays(device: str, num_images: int, num_members: int) -> bool:
    """Whether a batched pass is expected to be faster than a loop.

    On a CPU it is not: it does the same work, and members on threads of
    their own keep all cores busy. On a GPU a few small images leave most of
    the time to starting the operations. A batched pass starts them once for
    all members, in the time of about three plain passes (``docs/speed.md``
    says what of this is measured).

    Args:
        device (str): Type of the device, ``'cpu'``, ``'cuda'``, ...
        num_images (int): N.
        num_members (int): M.
    """
    return (device == 'cuda' and num_members >= _MIN_MEMBERS
            and num_images <= _MAX_IMAGES)


def _stamp(tensor: torch.Tensor) -> tuple[int, int]:
    """Return what differs once a tensor was moved or written to."""
    # Tensors made for inference only do not count what is written to them.
    version = 0 if tensor.is_inference() else tensor._version
    return tensor.data_ptr(), version
