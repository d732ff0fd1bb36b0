"""Smoothing a label by what the network predicts for its class."""

from __future__ import annotations

import torch
from mmengine.dist import all_reduce

from .epoch_targets import EpochTargets

# Mass that Ada-DF spreads over the other classes of a row it replaces.
_SPREAD = 0.4


class ClassDistributions(EpochTargets):
    """Mix each label with the mean prediction for the images of its class.

    The class distributions of Ada-DF (Liu et al., ICASSP 2023) without its
    second branch and attention: ``(1 - share) e_y + share LD[y]`` with a
    constant share, LD the :func:`class_table` of the epoch before. In the
    first epoch LD is the identity and the label stays as it is.

    Args:
        num_classes (int): C.
        share (float): Share of the class distribution, in [0, 1].
        threshold (float): See :func:`class_table`.

    Raises:
        ValueError: If the share or the threshold is out of range.
    """

    table: torch.Tensor

    def __init__(self,
                 num_classes: int,
                 share: float = 0.7,
                 threshold: float = 0.7) -> None:
        super().__init__()
        if not (0 <= share <= 1 and 0 < threshold <= 1):
            raise ValueError(f'share={share}, threshold={threshold}; '
                             'expected shares between 0 and 1.')
        self.share = share
        self.threshold = threshold
        self.register_buffer('table', torch.eye(num_classes))
        # No buffer: each process has its own until the epoch ends.
        self._sums: torch.Tensor | None = None

    def forward(self, target: torch.Tensor) -> torch.Tensor:
        """Return the ``(N, C)`` smoothed targets.

        Args:
            target (torch.Tensor): ``(N, C)`` one-hot labels. A soft label
                is mixed with the distributions of its classes.
        """
        # No matrix product: autocast would round it to half precision.
        smooth = (target[:, :, None] * self.table).sum(1)
        return (1 - self.share) * target + self.share * smooth

    @torch.no_grad()
    def observe(self, scores: torch.Tensor, target: torch.Tensor) -> None:
        """Remember predictions for training images.

        Args:
            scores (torch.Tensor): ``(N, C)`` probabilities.
            target (torch.Tensor): ``(N, C)`` labels of the same images.

        Raises:
            ValueError: If nothing will end the epoch.
        """
        self._check_started()
        counted = torch.cat([scores, torch.ones_like(scores[:, :1])], dim=1)
        sums = (target[:, :, None] * counted[:, None]).sum(0)
        self._sums = sums if self._sums is None else self._sums + sums

    def end_epoch(self) -> None:
        """Average over the epoch's images of each class, all processes."""
        if self._sums is None:
            return
        all_reduce(self._sums)
        self.table.copy_(class_table(
            self._sums[:, :-1], self._sums[:, -1], self.threshold))
        self._sums = None


def class_table(sums: torch.Tensor, counts: torch.Tensor,
                threshold: float) -> torch.Tensor:
    """Return the distribution of each class.

    A row is the mean prediction for the class if it gives the class itself
    at least ``threshold``. Else, as in Ada-DF's code, it is ``threshold`` on
    the diagonal and 0.4 spread over the rest; that sums to 1 for a threshold
    of 0.6 only and is normalised here.

    Args:
        sums (torch.Tensor): ``(C, C)`` summed predictions, row y for the
            images of class y.
        counts (torch.Tensor): ``(C,)`` number of images.
        threshold (float): Least mean probability of the own class.

    Returns:
        torch.Tensor: ``(C, C)``; rows sum to 1.
    """
    mean = sums / counts.clamp(min=1e-12)[:, None]
    replaced = torch.full_like(mean, _SPREAD / (len(mean) - 1))
    replaced.fill_diagonal_(threshold)
    replaced /= replaced.sum(1, keepdim=True)
    kept = (counts > 0) & (mean.diagonal() >= threshold)
    return torch.where(kept[:, None], mean, replaced)
