"""Channels that compare features of some layers with training's."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from .evidence import Evidence
from .fitted import Channel, Fitted


class FeatureDistance(Fitted):
    """Distance of features to those it was fitted on."""

    @abstractmethod
    def fit(self, features: torch.Tensor,
            labels: torch.Tensor | None) -> None:
        """Fit on ``(N, D)`` features and, where needed, ``(N,)`` labels."""

    @abstractmethod
    def distance(self, features: torch.Tensor) -> torch.Tensor:
        """Return ``(N,)`` distances of ``(N, D)`` features."""


class LayerChannel(Channel):
    """Mean of a distance over layers and members, all counting the same.

    The mean over the members removes what is particular to one of them.

    Args:
        layers (Sequence[str]): Names of modules that every member has, such
            as 'backbone.layer2', or of statistics of the image itself:
            'input.spectrum', 'input.gradients'.
        name (str): Under which the scores are reported.

    Raises:
        ValueError: If no layer is named.
    """

    def __init__(self, layers: Sequence[str], name: str) -> None:
        if isinstance(layers, str) or not layers:
            raise ValueError(f'{name}: layers is {layers!r}; expected a list '
                             "of module names, such as ['backbone.layer2'].")
        super().__init__(name)
        self.layers = tuple(layers)
        self.distances: Any = nn.ModuleList()

    @abstractmethod
    def make_distance(self) -> FeatureDistance:
        """Return an unfitted distance, for one layer of one member."""

    def fit(self, train: Evidence, reference: Evidence) -> None:
        """Fit each layer of each member, on the training images alone."""
        features = [train.layer(layer) for layer in self.layers]
        self._make([len(members) for members in features])
        for distances, members in zip(self.distances, features):
            for distance, values in zip(distances, members):
                distance.fit(values, train.labels)

    def score(self, evidence: Evidence) -> torch.Tensor:
        """Return the ``(N,)`` mean distances."""
        of_layers = []
        for layer, distances in zip(self.layers, self.distances):
            of_members = [distance.distance(values) for distance, values in
                          zip(distances, evidence.layer(layer))]
            of_layers.append(torch.stack(of_members).mean(0))
        return torch.stack(of_layers).mean(0)

    def load_fitted(self, state: Mapping[str, torch.Tensor]) -> None:
        """Load as many distances as the state has members.

        Raises:
            ValueError: If it was fitted with another number of layers.
        """
        # distances.<layer>.<member>.<tensor>
        keys = {tuple(key.split('.')[1:3]) for key in state}
        found = len({layer for layer, _ in keys})
        if found != len(self.layers):
            raise ValueError(
                f'{self.name} was fitted on {found} layers, the config names '
                f'{len(self.layers)}. Fit the channels again.')
        self._make([sum(layer == str(i) for layer, _ in keys)
                    for i in range(found)])
        super().load_fitted(state)

    def _make(self, members: Sequence[int]) -> None:
        self.distances = nn.ModuleList(
            nn.ModuleList(self.make_distance() for _ in range(number))
            for number in members)
