"""MC-Dropout: units are dropped (Gal & Ghahramani, arXiv 1506.02142)."""

from __future__ import annotations

import torch
from mmpretrain.registry import MODELS
from torch import nn

from .layer import StochasticLayer


class UnitDropout(StochasticLayer):
    """Dropping units of activations, an own mask per image in training.

    Within a pass (``pass_seed``) all images share the mask: a sample of the
    posterior is one function, whatever it is applied to.
    """

    # In feature maps neighbouring pixels carry the same information: only
    # dropping a channel takes any away (Tompson et al., arXiv 1411.4280).
    whole_channels = False

    def drop(self, x: torch.Tensor) -> torch.Tensor:
        """Drop units of ``(N, ...)`` activations."""
        units = tuple(x.shape[1:])
        if self.whole_channels:
            units = (units[0], *(1 for _ in units[1:]))
        images = len(x) if self.pass_seed is None else 1
        return self.thin(x, (images, *units))


@MODELS.register_module()
class MCDropout(UnitDropout):
    """Dropout that ``eval()`` does not switch off.

    Args:
        p (float): Share of units that is dropped.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Drop units of ``(N, ...)`` activations."""
        return self.drop(x)


@MODELS.register_module()
class MCDropout2d(MCDropout):
    """The same for feature maps: whole channels are dropped.

    Args:
        p (float): Share of channels that is dropped.
    """

    whole_channels = True


# The plain class stands among the direct bases of the following ones because
# mmengine's initialisers (``layer='Linear'``) look no further.


@MODELS.register_module()
class DropoutLinear(UnitDropout, nn.Linear):
    """Linear layer with dropout on its input.

    The names of the weights are those of ``nn.Linear``.

    Args:
        *args: As for ``nn.Linear``.
        p (float): Share of units that is dropped.
        **kwargs: As for ``nn.Linear``.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map ``(N, ..., D)`` to ``(N, ..., K)``."""
        return super().forward(self.drop(x))


@MODELS.register_module()
class DropoutConv2d(UnitDropout, nn.Conv2d):
    """Convolution with dropout of whole channels on its input.

    The names of the weights are those of ``nn.Conv2d``.

    Args:
        *args: As for ``nn.Conv2d``.
        p (float): Share of channels that is dropped.
        **kwargs: As for ``nn.Conv2d``.
    """

    whole_channels = True

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map ``(N, D, H, W)`` to ``(N, K, H', W')``."""
        return super().forward(self.drop(x))
