"""Dropout and batch norm between the features and the classifier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


class BNNeck(nn.Module):
    """Dropout, then batch norm whose bias stays 0 (Luo et al., CVPRW 2019).

    Args:
        width (int): D.
        dropout (float): Probability.
    """

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.BatchNorm1d(width)
        self.norm.bias.requires_grad_(False)

    def forward(self, features: Tensor) -> Tensor:
        """Return ``(N, D)`` for ``(N, D)`` features."""
        return self.norm(self.dropout(features))


@contextmanager
def latent_mode(modules: Sequence[nn.Module],
                track_statistics: bool) -> Iterator[None]:
    """Switch off what is random, and keep batch norm on batch statistics.

    The mode in which latent distributions are made. Of the images of one
    class, batch norm should not keep anything for the test: those are not
    what it will see there.

    Args:
        modules (Sequence[nn.Module]): Put back afterwards, each as it was.
        track_statistics (bool): Whether running statistics change
            nevertheless, as in the official code.
    """
    touched = [module for root in modules for module in root.modules()]
    norms = [module for module in touched if isinstance(module, _BatchNorm)]
    before = [module.training for module in touched]
    tracking = [norm.track_running_stats for norm in norms]
    try:
        for module in touched:
            # A frozen batch norm stays frozen.
            module.training &= isinstance(module, _BatchNorm)
        for norm in norms:
            norm.track_running_stats &= track_statistics
        yield
    finally:
        for module, training in zip(touched, before):
            module.training = training
        for norm, tracks in zip(norms, tracking):
            norm.track_running_stats = tracks
