"""What a channel may look at: what one pass of the members recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

INPUT = 'input'


@dataclass
class Evidence:
    """Outputs and inner features of M members on N images.

    Args:
        logits (torch.Tensor): ``(N, M, C)`` member logits.
        features (dict[str, list[torch.Tensor]]): By layer, one ``(N, D)``
            tensor per member; D may differ between members. 'input' has a
            single tensor, of statistics of the images themselves.
        labels (torch.Tensor | None): ``(N,)`` int64 classes, for fitting.
        scores (dict[str, torch.Tensor]): ``(N,)`` channels computed so far.
    """

    logits: torch.Tensor
    features: dict[str, list[torch.Tensor]] = field(default_factory=dict)
    labels: torch.Tensor | None = None
    scores: dict[str, torch.Tensor] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.logits)

    def select(self, images: torch.Tensor) -> Evidence:
        """Return the evidence of some images, in the order given.

        Args:
            images (torch.Tensor): ``(K,)`` int64 indices.

        Returns:
            Evidence: Of K images.
        """
        return Evidence(
            self.logits[images],
            {name: [values[images] for values in members]
             for name, members in self.features.items()},
            None if self.labels is None else self.labels[images],
            {name: score[images] for name, score in self.scores.items()})

    def layer(self, name: str) -> list[torch.Tensor]:
        """Return the features of a layer, one tensor per member.

        Raises:
            KeyError: If nothing was recorded there.
        """
        if name not in self.features:
            raise KeyError(
                f'no features of {name!r} were recorded, only of '
                f'{", ".join(self.features) or "no layer"}.')
        return self.features[name]


def concatenate(parts: Sequence[Evidence]) -> Evidence:
    """Join the evidence of several batches, in order.

    Args:
        parts (Sequence[Evidence]): At least one, all with the same layers.

    Returns:
        Evidence: Of all images; labels only if every part has them. Scores
        are left out: they are computed on the whole.
    """
    first = parts[0]
    labels = [part.labels for part in parts if part.labels is not None]
    return Evidence(
        logits=torch.cat([part.logits for part in parts]),
        features={
            name: [torch.cat([part.features[name][m] for part in parts])
                   for m in range(len(first.features[name]))]
            for name in first.features
        },
        labels=torch.cat(labels) if len(labels) == len(parts) else None)
