"""Targets made of the predictions of the epoch before."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from torch import nn


class EpochTargets(nn.Module):
    """Base of targets that look at predictions and change between epochs.

    ``EpochTargetsHook`` calls :meth:`start` once and :meth:`end_epoch` after
    every epoch; within an epoch the targets are made of fixed numbers, which
    are part of the checkpoint.
    """

    def __init__(self) -> None:
        super().__init__()
        self._started = False

    def start(self, image_ids: Sequence[str]) -> None:
        """Get ready for a training.

        Args:
            image_ids (Sequence[str]): The training images, in the order of
                the data set.
        """
        self._started = True

    @abstractmethod
    def end_epoch(self) -> None:
        """Replace the numbers by those of the epoch that ends."""

    def _check_started(self) -> None:
        if not self._started:
            raise ValueError(
                f'{type(self).__name__} would never change: nothing tells it '
                "when an epoch ends. Add dict(type='EpochTargetsHook') to "
                'custom_hooks.')
