"""Mixing a label with what the network predicts for similar images."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from mmengine.dist import all_reduce
from torch import nn

from .epoch_targets import EpochTargets

# The official code does not let the calibration fall below sigmoid of this.
_LEAST_LOGIT = -1.3
_ROWS_AT_ONCE = 1024


class NeighbourTargets(EpochTargets):
    """Targets in the style of LDLVA (Le et al., WACV 2023).

    Image i with label y and neighbours j gets ``lambda_i e_y +
    (1 - lambda_i) sum_j a_ij c_ij p_j / sum_j a_ij c_ij``: a free
    ``lambda_i`` for each training image, ``a_ij = exp(-d_ij / bandwidth)``,
    and ``c_ij`` learnt from both images' features. Here, unlike there,

    - neighbours are near in the network's own features (``d`` is one minus
      the cosine), because most data sets have no valence and arousal;
    - neighbours' features and predictions p are those of the epoch before,
      so that they cost no forward passes;
    - the discriminative loss is left out.

    In the first epoch the label stays as it is.

    Args:
        num_images (int): Number of training images.
        num_classes (int): C.
        width (int): D, width of the features.
        num_neighbours (int): K.
        bandwidth (float): Distance at which the similarity is 1 / e.
        initial_logit (float): Where each ``lambda_i`` starts, before the
            sigmoid; 0.5 for RAF-DB, 0.8 for AffectNet in the official code.

    Raises:
        ValueError: If there are not more images than neighbours.
    """

    features: torch.Tensor
    scores: torch.Tensor
    known: torch.Tensor
    neighbours: torch.Tensor
    similarity: torch.Tensor

    def __init__(self,
                 num_images: int,
                 num_classes: int,
                 width: int,
                 num_neighbours: int = 8,
                 bandwidth: float = 0.5,
                 initial_logit: float = 0.5) -> None:
        super().__init__()
        if not num_images > num_neighbours >= 1:
            raise ValueError(f'{num_neighbours} neighbours of {num_images} '
                             'images; expected fewer neighbours than images.')
        self.bandwidth = bandwidth
        self.label_logits = nn.Parameter(
            torch.full((num_images, ), float(initial_logit)))
        self.calibration = nn.Sequential(
            nn.Linear(2 * width, 512), nn.BatchNorm1d(512), nn.ReLU(),
            nn.Linear(512, 256), nn.BatchNorm1d(256), nn.ReLU(),
            nn.Linear(256, 1))
        self.register_buffer('features', torch.zeros(num_images, width))
        self.register_buffer('scores', torch.zeros(num_images, num_classes))
        self.register_buffer('known', torch.zeros(num_images).bool())
        self.register_buffer(
            'neighbours', torch.zeros(num_images, num_neighbours).long())
        self.register_buffer(
            'similarity', torch.ones(num_images, num_neighbours))
        self._rows: dict[str, int] = {}
        self._seen: torch.Tensor | None = None

    def start(self, image_ids: Sequence[str]) -> None:
        """Learn which row belongs to which image.

        Raises:
            ValueError: If the number of different images is not the one the
                module was made for.
        """
        super().start(image_ids)
        self._rows = {name: i for i, name in enumerate(image_ids)}
        if len(self._rows) != len(self.known):
            raise ValueError(
                f'made for {len(self.known)} training images, the data set '
                f'has {len(self._rows)}. Set model.head.num_images='
                f'{len(self._rows)}.')

    def rows(self, image_ids: Sequence[str]) -> torch.Tensor:
        """Return the ``(N,)`` rows of images."""
        self._check_started()
        return torch.tensor([self._rows[name] for name in image_ids],
                            device=self.known.device)

    def forward(self, features: torch.Tensor, target: torch.Tensor,
                rows: torch.Tensor) -> torch.Tensor:
        """Return the ``(N, C)`` mixed targets.

        The gradient reaches ``lambda``, the calibration and the image's own
        features, and nothing of its neighbours.

        Args:
            features (torch.Tensor): ``(N, D)`` features of the images.
            target (torch.Tensor): ``(N, C)`` labels.
            rows (torch.Tensor): ``(N,)`` from :meth:`rows`.
        """
        neighbours = self.neighbours[rows]
        pairs = torch.cat([
            features.float()[:, None].expand(-1, neighbours.shape[1], -1),
            self.features[neighbours]
        ], dim=-1)
        logits = self.calibration(pairs.flatten(0, 1)).view(neighbours.shape)
        trust = logits.float().clamp(min=_LEAST_LOGIT).sigmoid()
        # An image not seen yet is its own neighbour: its label stays.
        scores = torch.where(self.known[rows][:, None, None],
                             self.scores[neighbours], target[:, None])
        return mix_with_neighbours(target, scores,
                                   self.similarity[rows] * trust,
                                   self.label_logits[rows].sigmoid())

    @torch.no_grad()
    def observe(self, features: torch.Tensor, scores: torch.Tensor,
                rows: torch.Tensor) -> None:
        """Remember features ``(N, D)`` and probabilities ``(N, C)``."""
        found = torch.cat([features.float(), scores.float(),
                           torch.ones_like(scores[:, :1])], dim=1)
        if self._seen is None:
            self._seen = found.new_zeros(len(self.known), found.shape[1])
        self._seen.index_add_(0, rows, found)

    def end_epoch(self) -> None:
        """Take over what was seen in any process, and search neighbours.

        Raises:
            ValueError: If too few images were ever seen.
        """
        if self._seen is None:
            return
        all_reduce(self._seen)
        seen = self._seen[:, -1] > 0
        mean = self._seen[seen, :-1] / self._seen[seen, -1:]
        width = self.features.shape[1]
        self.features[seen] = mean[:, :width]
        self.scores[seen] = mean[:, width:]
        self.known |= seen
        self._seen = None
        self._search()

    def _search(self) -> None:
        """Find each known image's nearest other known images."""
        known = self.known.nonzero()[:, 0]
        number = self.neighbours.shape[1]
        if len(known) <= number:
            raise ValueError(f'an epoch saw {len(known)} images; {number} '
                             'neighbours need more. Lower num_neighbours.')
        directions = F.normalize(self.features[known], dim=1)
        everyone = torch.arange(len(known), device=known.device)
        for places in everyone.split(_ROWS_AT_ONCE):
            cosine = directions[places] @ directions.T
            cosine[everyone[:len(places)], places] = -math.inf
            nearest, found = cosine.topk(number, dim=1)
            self.neighbours[known[places]] = known[found]
            self.similarity[known[places]] = torch.exp(
                (nearest - 1) / self.bandwidth)


def mix_with_neighbours(target: torch.Tensor, scores: torch.Tensor,
                        weights: torch.Tensor,
                        label_share: torch.Tensor) -> torch.Tensor:
    """Mix labels with the weighted mean prediction for their neighbours.

    Args:
        target (torch.Tensor): ``(N, C)`` labels.
        scores (torch.Tensor): ``(N, K, C)`` predictions for K neighbours;
            no gradient reaches them.
        weights (torch.Tensor): ``(N, K)`` positive weights.
        label_share (torch.Tensor): ``(N,)`` lambda, the share of the label.

    Returns:
        torch.Tensor: ``(N, C)`` targets, rows summing to 1.
    """
    weights = weights / weights.sum(1, keepdim=True)
    mean = (weights[..., None] * scores.detach()).sum(1)
    share = label_share[:, None]
    return share * target + (1 - share) * mean
