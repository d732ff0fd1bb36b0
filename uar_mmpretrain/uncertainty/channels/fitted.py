"""A channel: one more epistemic score, fitted on clean images only."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

import torch
from torch import nn

from .evidence import Evidence


class Fitted(nn.Module):
    """A module whose tensors come from fitting, not from training.

    They move with the module from device to device but stay out of its
    ``state_dict``: a checkpoint of the network does not change because
    something was fitted on it.

    Args:
        *names (str): Attributes that fitting sets, None before.
    """

    def __init__(self, *names: str) -> None:
        super().__init__()
        for name in names:
            self.register_buffer(name, None, persistent=False)

    def fitted_state(self) -> dict[str, torch.Tensor]:
        """Return all fitted tensors by dotted name."""
        return dict(self.named_buffers())

    def load_fitted(self, state: Mapping[str, torch.Tensor]) -> None:
        """Set the tensors that :meth:`fitted_state` returned.

        Raises:
            KeyError: If a name is none of this module's.
        """
        for key, value in state.items():
            path, _, name = key.rpartition('.')
            try:
                module = self.get_submodule(path)
                module._buffers[name]
            except (AttributeError, KeyError):
                raise KeyError(
                    f'{type(self).__name__} has no fitted tensor {key!r}. '
                    'The file belongs to other channels: fit them '
                    'again.') from None
            setattr(module, name, value)


class Channel(Fitted):
    """One score per image; higher means further from the training data.

    Args:
        name (str): Under which its scores are reported.
        *fitted (str): As for :class:`Fitted`.

    Attributes:
        layers (tuple[str, ...]): Layers of the members it has to see.
        inputs (tuple[str, ...]): Channels whose scores it has to see.
    """

    layers: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    def __init__(self, name: str, *fitted: str) -> None:
        super().__init__(*fitted)
        self.name = name

    def fit(self, train: Evidence, reference: Evidence) -> None:
        """Fit on clean images; nothing to do by default.

        Args:
            train (Evidence): Of clean, un-augmented training images.
            reference (Evidence): Of clean images not trained on, on which a
                score looks as it will in use.
        """

    @abstractmethod
    def score(self, evidence: Evidence) -> torch.Tensor:
        """Score images.

        Args:
            evidence (Evidence): Of N images.

        Returns:
            torch.Tensor: ``(N,)`` float.
        """
