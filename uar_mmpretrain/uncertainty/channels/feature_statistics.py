"""What a channel sees of a layer: two numbers per feature channel."""

from __future__ import annotations

import torch

# Of a dead channel; far below the spread of any live one.
_SMALLEST = 1e-3


def feature_statistics(features: torch.Tensor) -> torch.Tensor:
    """Reduce a layer's output to mean and log spread over its positions.

    The spread is a scale: its logarithm is closer to a Gaussian than itself.

    Args:
        features (torch.Tensor): ``(N, D, H, W)`` feature maps, ``(N, T, D)``
            tokens of a transformer, the class token among them, or ``(N,
            D)`` vectors, which are left as they are.

    Returns:
        torch.Tensor: ``(N, 2 D)`` float32, or ``(N, D)`` for vectors.

    Raises:
        ValueError: If the shape is none of these.
    """
    features = features.detach().float()
    if features.ndim == 2:
        return features
    if features.ndim == 4:
        features = features.flatten(2).transpose(1, 2)
    if features.ndim != 3:
        raise ValueError(f'features have shape {tuple(features.shape)}; '
                         'expected (N, D, H, W), (N, T, D) or (N, D).')
    spread = features.std(1, unbiased=False)
    return torch.cat([features.mean(1), (spread + _SMALLEST).log()], 1)
