"""Running the members of an ensemble at the same time on a CPU."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import nn

from ..uncertainty.tracing import is_traced
from .stochastic import StochasticLayer


def run_members(members: Sequence[nn.Module],
                inputs: torch.Tensor) -> list[torch.Tensor]:
    """Return the logits of every member, in order.

    PyTorch splits each operation among the threads of a CPU and waits for
    all of them before the next. Small images leave little to split, and a
    data loader's worker that takes a core holds up every operation. Where
    nothing is to be learnt or drawn, each thread therefore runs members of
    its own, and they wait for each other once.

    Args:
        members (Sequence[nn.Module]): M classifiers.
        inputs (torch.Tensor): Preprocessed images ``(N, 3, H, W)``.

    Returns:
        list[torch.Tensor]: M times logits, as ``mode='tensor'`` gives them.
    """
    threads = min(torch.get_num_threads(), len(members))
    if (threads == 1 or inputs.device.type != 'cpu'
            or not only_evaluated(members)):
        return [member(inputs, mode='tensor') for member in members]
    # Known to this thread only.
    inference = torch.is_inference_mode_enabled()
    autocast = _autocast()

    def run(member: nn.Module) -> torch.Tensor:
        with torch.inference_mode(inference), torch.no_grad(), \
                torch.autocast('cpu', *autocast):
            return member(inputs, mode='tensor')

    everything = torch.get_num_threads()
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads,
                                initargs=(1, )) as pool:
            return list(pool.map(run, members))
    finally:
        # Set for one thread, it becomes what later threads start with.
        torch.set_num_threads(everything)


def only_evaluated(members: Sequence[nn.Module]) -> bool:
    """Whether the members need neither a graph nor random numbers.

    What draws random numbers runs in order: several threads, or a batched
    pass, would hand them out differently each time.

    Args:
        members (Sequence[nn.Module]): M classifiers.
    """
    return (not torch.is_grad_enabled() and not torch.jit.is_tracing()
            and not is_traced()
            and not any(module.training or isinstance(module, StochasticLayer)
                        for member in members for module in member.modules()))


def _autocast() -> tuple[torch.dtype, bool]:
    """Type of mixed precision on the CPU, and whether it is on."""
    if hasattr(torch, 'get_autocast_dtype'):  # since torch 2.4
        return (torch.get_autocast_dtype('cpu'),
                torch.is_autocast_enabled('cpu'))
    return torch.get_autocast_cpu_dtype(), torch.is_autocast_cpu_enabled()
