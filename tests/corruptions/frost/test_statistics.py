"""The shipped textures against the statistics of the photographs."""

from functools import lru_cache

import numpy as np
import pytest

from uar_mmpretrain.corruptions.frost import textures
from uar_mmpretrain.corruptions.frost.styles import (
    BAND_EDGES,
    PROBABILITIES,
    STYLES,
)

SIDE = 224
SLOTS = {'teal': 0, 'white': 1, 'grey': 3, 'slate': 4}
every_style = pytest.mark.parametrize('style', STYLES,
                                      ids=[style.name for style in STYLES])


@lru_cache(maxsize=4)
def crops(style):
    """70 crops on a regular grid over all offsets, RGB, float."""
    rgb = textures()[SLOTS[style.name]][..., ::-1].astype(np.float32)
    offsets = [(np.arange(number) + 0.5) / number * (side - SIDE)
               for side, number in zip(rgb.shape, (7, 10))]
    return np.stack([
        rgb[int(row):int(row) + SIDE, int(column):int(column) + SIDE]
        for row in offsets[0] for column in offsets[1]
    ])


@lru_cache(maxsize=4)
def luminance(style):
    return crops(style) @ np.float32([0.299, 0.587, 0.114])


def spectrum(images):
    """log10 of the mean power in each band of radial frequency."""
    wave = np.sin(np.pi * np.arange(SIDE) / (SIDE - 1))**2
    window = wave[:, None] * wave / np.mean(wave**2)
    images = images - images.mean((1, 2), keepdims=True)
    power = np.abs(np.fft.fft2(images * window))**2 / SIDE**2
    cycles = np.minimum(np.arange(SIDE), SIDE - np.arange(SIDE))
    radius = np.sqrt(cycles[:, None]**2 + cycles**2)
    return np.array([
        np.log10(power[:, (radius >= low) & (radius < high)].mean())
        for low, high in zip(BAND_EDGES, BAND_EDGES[1:])
    ])


@every_style
def test_mean_colour_of_crops(style):
    mean = crops(style).mean((0, 1, 2), dtype=np.float64)
    assert np.abs(mean - style.mean).max() < 4


@every_style
def test_contrast_of_crops(style):
    # Standard deviation of the distribution linear between the quantiles.
    low, high = np.array(style.quantiles[:-1]), np.array(style.quantiles[1:])
    share = np.diff(PROBABILITIES)
    mean = (share * (low + high)).sum() / 2
    square = (share * (low**2 + low * high + high**2)).sum() / 3
    expected = np.sqrt(square - mean**2)
    assert luminance(style).std(dtype=np.float64) == pytest.approx(
        expected, rel=0.15)


@every_style
def test_spectrum_of_crops(style):
    error = spectrum(luminance(style)) - style.bands
    above_four_cycles = BAND_EDGES.index(4)
    assert np.abs(error[above_four_cycles:]).max() < 0.1
    # The slowest hold too few waves for a close match.
    assert np.abs(error[:above_four_cycles]).max() < 0.5


@every_style
def test_needles_make_the_gradient_heavy_tailed(style):
    for axis in (1, 2):
        square = np.diff(luminance(style), axis=axis)**2
        mean = square.mean(dtype=np.float64)
        kurtosis = (square**2).mean(dtype=np.float64) / mean**2 - 3
        assert 1 < kurtosis < 4


@every_style
def test_luminance_quantiles(style):
    texture = textures()[SLOTS[style.name]][..., ::-1]
    found = np.quantile(texture @ np.array([0.299, 0.587, 0.114]),
                        PROBABILITIES)
    error = np.abs(found - style.quantiles)
    bright = PROBABILITIES.index(.99) + 1
    assert error[:bright].max() < 0.5  # rounding
    # Brighter ones lose the blue above 255: by hand, grey at 254 has
    # (R, G, B) = (241, 257, 274) before clipping, 3.1 levels of luminance.
    assert error[bright:].max() < 3.5


@every_style
def test_colour_components(style):
    pixels = textures()[SLOTS[style.name]][..., ::-1].reshape(-1, 3)
    variance, axes = np.linalg.eigh(np.cov(pixels.T.astype(np.float64)))
    assert abs(axes[:, 2] @ style.direction) > 0.985
    second = variance[1] / variance.sum()
    if style.name == 'teal':
        assert 0.10 < second < 0.18
    else:
        assert second < 0.004
