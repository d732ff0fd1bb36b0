"""How the members of an ensemble run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from mmengine.logging import print_log
from torch import nn

from ..uncertainty.tracing import is_traced
from .stacked import StackedMembers, stacking_pays
from .threads import only_evaluated, run_members


class MemberPass:
    """One pass of all members over a batch, in the way that was asked for.

    Args:
        members (Sequence[nn.Module]): M classifiers.
        batched (bool | str): Whether they run as one batched pass over
            stacked weights; 'auto' for where :func:`.stacking_pays`. What is
            trained, traced or random runs member by member.
        compile_options (dict | None): Of ``torch.compile``; None for
            running the members as they are.
    """

    def __init__(self,
                 members: Sequence[nn.Module],
                 batched: bool | str = 'auto',
                 compile_options: dict[str, Any] | None = None) -> None:
        self._members = members
        self._batched = batched
        self._options = compile_options
        self._stacked: StackedMembers | None = None
        if compile_options is not None:
            for member in members:
                member.compile(**compile_options)

    def __call__(self, inputs: torch.Tensor) -> Sequence[torch.Tensor]:
        """Return the logits of every member, in order.

        Args:
            inputs (torch.Tensor): Preprocessed images ``(N, 3, H, W)``.
        """
        if self._as_one(inputs):
            try:
                return self._stack()(inputs)
            except RuntimeError as error:
                if self._batched != 'auto':
                    raise
                # Such as an operation that depends on the numbers.
                print_log('the members run one by one: as one batched pass '
                          f'they fail with {error}', 'current')
                self._batched, self._stacked = False, None
        return run_members(self._members, inputs)

    def _as_one(self, inputs: torch.Tensor) -> bool:
        wanted = self._batched
        # Looking at the size of a batch would settle it in what is traced.
        if wanted == 'auto' and not is_traced():
            wanted = stacking_pays(inputs.device.type, len(inputs),
                                   len(self._members))
        return wanted is True and only_evaluated(self._members)

    def _stack(self) -> StackedMembers:
        if self._stacked is None or not self._stacked.is_current():
            self._stacked = StackedMembers(self._members, self._options)
        return self._stacked
