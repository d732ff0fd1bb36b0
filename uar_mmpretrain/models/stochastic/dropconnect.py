"""MC-DropConnect: weights are dropped (Mobiny et al., arXiv 1906.04569)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from mmpretrain.registry import MODELS
from torch import nn

from .layer import StochasticLayer


@MODELS.register_module()
class DropConnectLinear(StochasticLayer, nn.Linear):
    """Linear layer ``(W * Z / (1 - p)) x + b``; the bias is never dropped.

    One mask per call, in training too, hence shared by the images of a batch.
    The names of the weights are those of ``nn.Linear``.

    Args:
        *args: As for ``nn.Linear``.
        p (float): Share of weights that is dropped.
        **kwargs: As for ``nn.Linear``.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map ``(N, ..., D)`` to ``(N, ..., K)``."""
        weight = self.thin(self.weight, self.weight.shape)
        return F.linear(x, weight, self.bias)


@MODELS.register_module()
class DropConnectConv2d(StochasticLayer, nn.Conv2d):
    """Convolution with a masked kernel; the bias is never dropped.

    One mask per call, in training too, hence shared by the images of a batch.
    The names of the weights are those of ``nn.Conv2d``.

    Args:
        *args: As for ``nn.Conv2d``.
        p (float): Share of weights that is dropped.
        **kwargs: As for ``nn.Conv2d``.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map ``(N, D, H, W)`` to ``(N, K, H', W')``."""
        weight = self.thin(self.weight, self.weight.shape)
        return self._conv_forward(x, weight, self.bias)
