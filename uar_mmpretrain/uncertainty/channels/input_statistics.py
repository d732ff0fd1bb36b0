"""Low-level statistics of the image itself, in no network's hands.

A network may learn to ignore noise or blur in its first layers; these
statistics cannot. They are computed on the preprocessed images, mean over
the colours, at any size.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F

# Cycles per pixel; the corners of the spectrum lie at 0.71.
_BANDS = np.linspace(0.03, 0.7, 13, dtype=np.float32)
_DIRECTIONS = np.array([0., math.pi / 8, 3 * math.pi / 8, 2.], np.float32)
# About a tenth of a grey level where a standard deviation is 1; what is
# smaller is rounding.
_NOISE_FLOOR = 1e-2


def input_spectrum(images: torch.Tensor) -> torch.Tensor:
    """Log power in bands of frequency and direction.

    Natural images have power falling as a power of the frequency; blur,
    noise, compression and resampling each bend that in their own way.

    Args:
        images (torch.Tensor): ``(N, K, H, W)``, at least 16 pixels each way.

    Returns:
        torch.Tensor: ``(N, B)`` for the bands that hold a frequency.
    """
    grey = _grey(images)
    height, width = grey.shape[-2:]
    window = (torch.hann_window(height + 2, periodic=False)[1:-1, None] *
              torch.hann_window(width + 2, periodic=False)[None, 1:-1])
    centred = grey - grey.mean((1, 2), keepdim=True)
    power = torch.fft.rfft2(centred * window.to(grey)).abs().square()
    power = power.flatten(1) / window.square().sum()
    shares = torch.from_numpy(_band_shares(height, width)).to(power)
    return (power @ shares + _NOISE_FLOOR**2).log()


def input_gradients(images: torch.Tensor) -> torch.Tensor:
    """Log size of differences at three distances and in three directions.

    Mean, root mean square and median tell many small differences (noise)
    from few large ones (edges, drops, blocks).

    Args:
        images (torch.Tensor): ``(N, K, H, W)``, at least 16 pixels each way.

    Returns:
        torch.Tensor: ``(N, 27)``.
    """
    grey = _grey(images)
    columns = []
    for step in (1, 2, 4):
        across = grey[:, :, step:] - grey[:, :, :-step]
        down = grey[:, step:] - grey[:, :-step]
        both = across[:, step:] - across[:, :-step]
        for difference in (across, down, both):
            size = difference.flatten(1).abs()
            columns += [size.mean(1), size.square().mean(1).sqrt(),
                        size.median(1).values]
        # Larger distances are compared on a smoother image.
        grey = F.avg_pool2d(grey[:, None], 2 * step + 1, 1, step,
                            count_include_pad=False)[:, 0]
    return (torch.stack(columns, 1) + _NOISE_FLOOR).log()


INPUT_STATISTICS = {
    'input.spectrum': input_spectrum,
    'input.gradients': input_gradients,
}


def _grey(images: torch.Tensor) -> torch.Tensor:
    grey = images.detach().float().mean(1)
    if min(grey.shape[-2:]) < 16:
        raise ValueError(f'images of {tuple(grey.shape[-2:])} pixels are too '
                         'small for input statistics; expected at least 16 '
                         'each way.')
    return grey


# Arrays, because a tensor made while a graph is traced belongs to the graph.
@lru_cache(maxsize=16)
def _band_shares(height: int, width: int) -> np.ndarray:
    """``(H * (W // 2 + 1), B)`` weights of the mean over each band."""
    y = np.abs(np.fft.fftfreq(height).astype(np.float32))[:, None]
    x = np.fft.rfftfreq(width).astype(np.float32)[None]
    radius = np.digitize(np.hypot(x, y), _BANDS) - 1
    angle = np.digitize(np.arctan2(y, x), _DIRECTIONS) - 1
    number = len(_DIRECTIONS) - 1
    band = radius * number + angle
    inside = (radius >= 0) & (radius < len(_BANDS) - 1)
    members = np.stack([(band == b) & inside for b in range(
        number * (len(_BANDS) - 1))])
    members = members.reshape(len(members), -1).astype(np.float32)
    members = members[members.sum(1) > 0]
    return (members / members.sum(1, keepdims=True)).T
