"""Statistics of feature maps and of images."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from uar_mmpretrain.uncertainty.channels import (
    INPUT_STATISTICS,
    feature_statistics,
)
from uar_mmpretrain.uncertainty.channels.input_statistics import (
    input_gradients,
    input_spectrum,
)

GENERATOR = torch.Generator().manual_seed(2)
IMAGES = F.avg_pool2d(torch.randn(6, 3, 52, 52, generator=GENERATOR), 5, 1)


def test_mean_and_log_spread_of_maps_and_tokens():
    maps = torch.randn(3, 4, 5, 6, generator=GENERATOR)
    found = feature_statistics(maps)
    flat = maps.flatten(2).numpy()
    np.testing.assert_allclose(found[:, :4], flat.mean(-1), atol=1e-6)
    np.testing.assert_allclose(found[:, 4:], np.log(flat.std(-1) + 1e-3),
                               atol=1e-5)
    tokens = maps.flatten(2).transpose(1, 2)
    torch.testing.assert_close(feature_statistics(tokens), found)


def test_other_shapes():
    vectors = torch.randn(3, 4)
    assert torch.equal(feature_statistics(vectors), vectors)
    dead = feature_statistics(torch.zeros(2, 3, 4, 4, dtype=torch.float16))
    assert dead.dtype == torch.float32 and dead.isfinite().all()
    with pytest.raises(ValueError, match=r'shape \(2,\)'):
        feature_statistics(torch.zeros(2))


@pytest.mark.parametrize('name', INPUT_STATISTICS)
def test_input_statistics_of_each_image_alone(name):
    function = INPUT_STATISTICS[name]
    found = function(IMAGES)
    assert found.ndim == 2 and found.isfinite().all()
    torch.testing.assert_close(function(IMAGES[2:3]), found[2:3])
    # Brightness is for the network's first layer to see.
    torch.testing.assert_close(function(IMAGES + 1), found, atol=1e-3,
                               rtol=1e-3)
    assert function(torch.zeros(1, 3, 20, 31)).isfinite().all()
    with pytest.raises(ValueError, match=r'\(12, 48\) pixels are too small'):
        function(torch.zeros(1, 3, 12, 48))


def test_a_wave_shows_in_its_band_and_direction():
    x = torch.arange(48.)
    across = torch.cos(2 * torch.pi * 12 / 48 * x).expand(48, 48)
    waves = torch.stack([across, across.T])[:, None].expand(-1, 3, -1, -1)
    power = input_spectrum(waves)
    assert (power[0] > power[0].max() - 1).sum() == 1
    # The same band, the other direction: two columns further.
    assert power[1].argmax() == power[0].argmax() + 2
    contrast = input_spectrum(3 * waves)
    assert (contrast - power)[0].max().item() == pytest.approx(
        2 * np.log(3), abs=1e-3)


def test_noise_and_blur_move_the_spectrum_apart():
    noisy = IMAGES + 0.3 * torch.randn(IMAGES.shape, generator=GENERATOR)
    blurred = F.avg_pool2d(IMAGES, 3, 1, 1)
    for function in (input_spectrum, input_gradients):
        clean = function(IMAGES)
        assert (function(noisy) - clean).mean() > 0.3
        assert (function(blurred) - clean).mean() < -0.2


def test_gradients_by_hand():
    # A ramp of slope 1 to the right: differences 1, 2 and 4 across, none
    # down.
    ramp = torch.arange(40.).expand(1, 3, 40, 40)
    found = input_gradients(ramp).reshape(3, 3, 3)
    np.testing.assert_allclose(found[0, 0], np.log(1.01), atol=1e-5)
    assert found[:, 1:].max() < np.log(0.5)
    np.testing.assert_allclose(found[1, 0, 2], np.log(2.01), atol=1e-5)
    np.testing.assert_allclose(found[2, 0, 2], np.log(4.01), atol=1e-5)
