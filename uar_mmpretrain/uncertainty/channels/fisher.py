"""Combination of channels without weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from .evidence import Evidence
from .fitted import Channel, Fitted


class EmpiricalPValue(Fitted):
    """Share of clean scores that are at least as high.

    ``p = (1 + #{reference >= s}) / (n + 1)``: for a clean image exchangeable
    with the n reference ones, ``P(p <= a) <= a`` for every a (a conformal
    p-value).
    """

    reference: torch.Tensor

    def __init__(self) -> None:
        super().__init__('reference')

    def fit(self, scores: torch.Tensor) -> None:
        """Keep the ``(n,)`` clean scores."""
        self.reference = scores.sort().values

    def p_value(self, scores: torch.Tensor) -> torch.Tensor:
        """Return ``(N,)`` p-values in (0, 1]."""
        n = len(self.reference)
        below = torch.searchsorted(self.reference, scores.contiguous())
        # As floats already: torch.onnx cannot subtract the counts from one.
        return (1 + n - below.to(scores)) / (n + 1)


class FisherCombination(Channel):
    """Fisher's combination ``-2 sum ln p`` of other channels.

    R. A. Fisher, Statistical Methods for Research Workers, 1925. The
    p-values are counted on clean reference images, so there is no weight to
    choose. Channels of one network depend on each other: the sum is a score,
    and no chi-squared law may be read from it.

    Args:
        inputs (Sequence[str]): Names of channels listed before this one.
        name (str): Under which the scores are reported.

    Raises:
        ValueError: If fewer than two channels are named.
    """

    def __init__(self, inputs: Sequence[str], name: str = 'fisher') -> None:
        if isinstance(inputs, str) or len(inputs) < 2:
            raise ValueError(f'{name}: inputs is {inputs!r}; expected the '
                             'names of at least two channels.')
        super().__init__(name)
        self.inputs = tuple(inputs)
        self.p_values: Any = nn.ModuleList(
            EmpiricalPValue() for _ in inputs)

    def fit(self, train: Evidence, reference: Evidence) -> None:
        """Keep the channels' scores of the clean reference images."""
        for p_value, name in zip(self.p_values, self.inputs):
            p_value.fit(reference.scores[name])

    def score(self, evidence: Evidence) -> torch.Tensor:
        """Return the ``(N,)`` combined scores."""
        logs = [p_value.p_value(evidence.scores[name]).log()
                for p_value, name in zip(self.p_values, self.inputs)]
        return -2 * torch.stack(logs).sum(0)
