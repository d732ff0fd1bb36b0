"""What all stochastic layers share: a flag, a rate, a mask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn


class StochasticLayer(nn.Module):
    """A layer with a Bernoulli mask that ``eval()`` does not switch off.

    Monte Carlo prediction wants dropout on while batch norm and stochastic
    depth are in evaluation mode, so these layers have a flag of their own.

    Attributes:
        active (bool): Whether masks are drawn at all; without them the layer
            is the plain one.
        pass_seed (int | None): None draws a new mask at each call from
            torch's global generator, as training needs it. A number fixes
            the mask, which all images then share, so that one pass over any
            number of batches evaluates one and the same network.
        p (float): Share of units or weights that is dropped.

    Args:
        *args: As for the plain layer.
        p (float): See above.
        **kwargs: As for the plain layer.

    Raises:
        ValueError: If ``p`` is not in [0, 1).
    """

    # Not only set in __init__: injection makes plain layers stochastic.
    active = True
    pass_seed: int | None = None

    def __init__(self, *args: Any, p: float = 0.5, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.p = check_rate(p)

    def thin(self, values: torch.Tensor,
             shape: Sequence[int]) -> torch.Tensor:
        """Drop a random share of the values and scale up the others.

        ``values * Z / (1 - p)`` with ``Z ~ Bernoulli(1 - p)``: the
        expectation is ``values``.

        Args:
            values (torch.Tensor): Activations or weights.
            shape (Sequence[int]): Of the mask; it broadcasts to ``values``.

        Returns:
            torch.Tensor: As ``values``.
        """
        if not self.active or self.p == 0:
            return values
        generator = None
        if self.pass_seed is not None:
            generator = torch.Generator(values.device)
            generator.manual_seed(self.pass_seed)
        # bernoulli_ would do, but its numbers depend on the build of torch.
        uniform = torch.rand(
            shape, generator=generator, device=values.device)
        return values * (uniform >= self.p) / (1 - self.p)

    def extra_repr(self) -> str:
        """Show the rate in the printed model."""
        return ', '.join(filter(None, [super().extra_repr(), f'p={self.p}']))


def check_rate(p: float) -> float:
    """Return the rate.

    Raises:
        ValueError: If it is not in [0, 1).
    """
    if not 0 <= p < 1:
        raise ValueError(f'p={p}; expected a share to drop of at least 0 '
                         'and below 1.')
    return p
