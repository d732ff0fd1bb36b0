"""Resize learned position embeddings the way DINOv2 does."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

# The released DINOv2 models without registers were trained and evaluated
# with this offset in the scale factor; leaving it out shifts the sampling
# points and, with them, every feature.
_OFFSET = 0.1


def resize_position_embedding(embedding: Tensor, source: tuple[int, int],
                              target: tuple[int, int]) -> Tensor:
    """Interpolate a position embedding to another patch grid.

    Bicubic, without antialiasing or aligned corners, computed in float32,
    with the scale factor ``(target + 0.1) / source`` along each axis:
    ``interpolate_pos_encoding`` of the official implementation (Oquab et al.,
    DINOv2, arXiv:2304.07193; ``dinov2/models/vision_transformer.py``), which
    knows square source grids only. mmpretrain's ``resize_pos_embed`` hands
    ``F.interpolate`` a size instead and gives slightly different values.

    Args:
        embedding: Class token's embedding followed by the patches' in row
            order, shape (1, 1 + source height * source width, D).
        source: Grid of ``embedding``, (height, width) in patches.
        target: Grid wanted, (height, width) in patches.

    Returns:
        Tensor: Shape (1, 1 + target height * target width, D), in the type of
        ``embedding``; ``embedding`` itself where the grids are equal.
    """
    if tuple(source) == tuple(target):
        return embedding
    class_token, patches = embedding.float().split(
        [1, source[0] * source[1]], dim=1)
    patches = F.interpolate(
        patches.unflatten(1, tuple(source)).permute(0, 3, 1, 2),
        scale_factor=tuple(
            (new + _OFFSET) / old for new, old in zip(target, source)),
        mode='bicubic')
    patches = patches.flatten(2).transpose(1, 2)
    return torch.cat([class_token, patches], dim=1).to(embedding.dtype)
