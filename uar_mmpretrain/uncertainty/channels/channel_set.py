"""All channels of a model, fitted and scored in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from .evidence import Evidence
from .fitted import Channel


class ChannelSet(nn.Module):
    """Channels by name; later ones may use the scores of earlier ones.

    Args:
        channels (Sequence[Channel]): In order.

    Raises:
        ValueError: If a name is taken twice, or a channel uses one that is
            not listed before it.
    """

    def __init__(self, channels: Sequence[Channel]) -> None:
        super().__init__()
        known: list[str] = []
        for channel in channels:
            missing = [n for n in channel.inputs if n not in known]
            if missing:
                raise ValueError(
                    f'channel {channel.name!r} uses {", ".join(missing)}, '
                    'not listed before it; before it come '
                    f'{", ".join(known) or "none"}.')
            if channel.name in known:
                raise ValueError(f'two channels are named {channel.name!r}; '
                                 'give one another name.')
            known.append(channel.name)
        self.channels: Any = nn.ModuleList(channels)
        self.is_fitted = False

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers that have to be recorded, each once."""
        return tuple(dict.fromkeys(
            layer for channel in self.channels for layer in channel.layers))

    def fit(self, train: Evidence, reference: Evidence) -> None:
        """Fit every channel; see :meth:`Channel.fit`.

        Raises:
            ValueError: If a reference image then has a score that is not
                finite.
        """
        reference.scores = {}
        for channel in self.channels:
            channel.fit(train, reference)
            scores = channel.score(reference)
            broken = ~torch.isfinite(scores)
            if broken.any():
                raise ValueError(
                    f'channel {channel.name!r} is not finite for '
                    f'{int(broken.sum())} of {len(scores)} reference images '
                    f'(first: number {int(broken.nonzero()[0])}). Check the '
                    'checkpoint, or leave the channel out.')
            reference.scores[channel.name] = scores
        self.is_fitted = True

    def score(self, evidence: Evidence) -> dict[str, torch.Tensor]:
        """Return ``(N,)`` scores by channel.

        Raises:
            RuntimeError: If the channels are not fitted.
        """
        if not self.is_fitted:
            raise RuntimeError('the channels are not fitted; run '
                               'tools/fit_channels.py first.')
        evidence.scores = {}
        # Small eigenvalues do not survive mixed precision.
        with torch.autocast(evidence.logits.device.type, enabled=False):
            for channel in self.channels:
                evidence.scores[channel.name] = channel.score(evidence)
        return evidence.scores

    def fitted_state(self) -> dict[str, dict[str, torch.Tensor]]:
        """Return every channel's tensors, on the CPU, by channel name."""
        return {
            channel.name: {key: value.cpu() for key, value in
                           channel.fitted_state().items()}
            for channel in self.channels
        }

    def load_fitted(
            self, state: Mapping[str, Mapping[str, torch.Tensor]]) -> None:
        """Load what :meth:`fitted_state` returned.

        Raises:
            ValueError: If it is of other channels.
        """
        names = [channel.name for channel in self.channels]
        if list(state) != names:
            raise ValueError(
                f'fitted channels are {", ".join(state)}; the config names '
                f'{", ".join(names)}. Fit the channels again.')
        for channel in self.channels:
            channel.load_fitted(state[channel.name])
        self.is_fitted = True
