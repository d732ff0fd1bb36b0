"""Subregions of a face, and the features of each."""

from __future__ import annotations

import math

import torch
from torch import Tensor

#: Boxes (x1, y1, x2, y2) in shares of an aligned face crop: eyes and brows,
#: nose and cheeks, mouth and chin. As wide as the face, so that a mirrored
#: image has the same regions. Our choice.
REGIONS = (
    (0., 0., 1., .5),
    (0., .35, 1., .75),
    (0., .6, 1., 1.),
)


def split_features(features: Tensor) -> tuple[Tensor, Tensor]:
    """Split what a backbone gives into the whole face and a map.

    Args:
        features (Tensor): A map ``(N, D, H, W)`` of a CNN, or the tokens
            ``(N, 1 + H H, D)`` of a vision transformer, class token first.

    Returns:
        tuple[Tensor, Tensor]: ``(N, D)``, the mean of the map or the class
        token, and the map ``(N, D, H, W)``.

    Raises:
        ValueError: If it is neither.
    """
    if features.ndim == 4:
        return features.mean((2, 3)), features
    if features.ndim == 3:
        side = math.isqrt(features.shape[1] - 1)
        if side * side == features.shape[1] - 1:
            patches = features[:, 1:].transpose(1, 2)
            return features[:, 0], patches.unflatten(2, (side, side))
    raise ValueError(
        f'regions need a map (N, D, H, W) or tokens (N, 1 + H * H, D), not '
        f'features of shape {tuple(features.shape)}. Set out_type="raw" for '
        'a transformer and square images, and use no pooling neck.')


def pool_regions(features: Tensor, boxes: Tensor) -> Tensor:
    """Average a map over boxes.

    A cell counts by the area it shares with the box, so boxes need not
    follow the grid.

    Args:
        features (Tensor): ``(N, D, H, W)``.
        boxes (Tensor): ``(R, 4)``, (x1, y1, x2, y2) in shares of the map.

    Returns:
        Tensor: ``(N, R, D)``.
    """
    height, width = features.shape[2:]
    rows = _overlap(boxes[:, 1], boxes[:, 3], height).to(features)
    columns = _overlap(boxes[:, 0], boxes[:, 2], width).to(features)
    return torch.einsum('ndhw,rh,rw->nrd', features, rows, columns)


def _overlap(start: Tensor, end: Tensor, cells: int) -> Tensor:
    """Return ``(R, cells)``, the share of each interval in each cell."""
    edges = torch.arange(cells + 1, device=start.device) / cells
    low = torch.maximum(start[:, None], edges[:-1])
    high = torch.minimum(end[:, None], edges[1:])
    return (high - low).clamp(min=0) / (end - start)[:, None]
