"""Epistemic uncertainty beyond what the aleatoric part explains."""

from __future__ import annotations

import torch

from ..decomposition import decompose
from .evidence import Evidence
from .fitted import Channel

_SMALLEST_SPREAD = 1e-9


class EpistemicGivenAleatoric(Channel):
    """Z-score of the epistemic part among faces of equal aleatoric part.

    On ambiguous faces the members also disagree more, for the trivial reason
    that there is more to disagree about. Clean reference images, sorted by
    their aleatoric part, are cut into bins of equal size; mean and standard
    deviation of the epistemic part come from the bin an image falls into.

    Args:
        name (str): Under which the scores are reported.
        num_bins (int): Number of bins.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.

    Raises:
        ValueError: If ``num_bins`` is less than 1.
    """

    edges: torch.Tensor
    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self,
                 name: str = 'epistemic_given_aleatoric',
                 num_bins: int = 10,
                 kind: str = 'entropy') -> None:
        if num_bins < 1:
            raise ValueError(f'num_bins is {num_bins}; expected at least 1.')
        super().__init__(name, 'edges', 'mean', 'spread')
        self.num_bins = num_bins
        self.kind = kind

    def fit(self, train: Evidence, reference: Evidence) -> None:
        """Fit on the reference images: members fit those they saw too well.

        Raises:
            ValueError: If there are fewer than two images per bin.
        """
        aleatoric, epistemic = self._parts(reference)
        if len(aleatoric) < 2 * self.num_bins:
            raise ValueError(f'{self.name}: {len(aleatoric)} reference images '
                             f'for {self.num_bins} bins; lower num_bins.')
        shares = torch.linspace(0, 1, self.num_bins + 1)[1:-1]
        self.edges = torch.quantile(
            aleatoric, shares.to(aleatoric)).contiguous()
        bins = torch.bucketize(aleatoric, self.edges)
        groups = [epistemic[bins == b] for b in range(self.num_bins)]
        # Equal values may leave a bin empty: it takes the whole set's.
        groups = [group if len(group) > 1 else epistemic for group in groups]
        self.mean = torch.stack([group.mean() for group in groups])
        self.spread = torch.stack(
            [group.std(unbiased=False) for group in groups]
        ).clamp(min=_SMALLEST_SPREAD)

    def score(self, evidence: Evidence) -> torch.Tensor:
        """Return the ``(N,)`` z-scores.

        Raises:
            ValueError: If there is a single member.
        """
        aleatoric, epistemic = self._parts(evidence)
        bins = torch.bucketize(aleatoric, self.edges)
        return (epistemic - self.mean[bins]) / self.spread[bins]

    def _parts(self,
               evidence: Evidence) -> tuple[torch.Tensor, torch.Tensor]:
        parts = decompose(evidence.logits.float().softmax(-1), self.kind)
        return parts.aleatoric, parts.epistemic
