import math

import numpy as np
import pytest
from scipy import ndimage

from uar_mmpretrain.corruptions.filters import (
    enlarge,
    gaussian,
    motion,
    motion_taps,
)


@pytest.mark.parametrize('sigma', [0.05, 0.4, 1, 2.5, 6])
def test_gaussian_equals_scipy(small_photo, sigma):
    expected = ndimage.gaussian_filter(
        small_photo.astype(float), (sigma, sigma, 0), mode='nearest')
    np.testing.assert_allclose(gaussian(small_photo, sigma), expected,
                               atol=2e-4)


@pytest.mark.parametrize('size', [(60, 80), (41, 57), (40, 56)])
def test_enlarge_equals_scipy_zoom(small_photo, size):
    field = small_photo[..., 0].astype(np.float32)
    factors = size[0] / field.shape[0], size[1] / field.shape[1]
    expected = ndimage.zoom(field.astype(float), factors, order=1,
                            mode='nearest')
    assert expected.shape == size
    np.testing.assert_allclose(enlarge(field, size), expected, atol=0.02)


def by_definition(image, radius, sigma, angle):
    weights = np.exp(-np.arange(2 * radius + 1)**2 / (2 * sigma**2))
    weights /= weights.sum()
    height, width = image.shape[:2]
    rows, columns = np.indices((height, width))
    total = np.zeros(image.shape)
    for i, weight in enumerate(weights):
        x = math.ceil(i * math.cos(math.radians(angle)) - 0.5)
        y = math.ceil(i * math.sin(math.radians(angle)) - 0.5)
        total += weight * image[np.clip(rows + y, 0, height - 1),
                                np.clip(columns + x, 0, width - 1)]
    return total


@pytest.mark.parametrize('angle', [-45, -10, 0, 30, 44, -90, -130])
@pytest.mark.parametrize('radius, sigma', [(10, 3), (15, 12)])
def test_motion_equals_its_definition(small_photo, radius, sigma, angle):
    expected = by_definition(small_photo, radius, sigma, angle)
    np.testing.assert_allclose(
        motion(small_photo, radius, sigma, angle), expected, atol=0.02)


def test_taps_go_one_way_and_downward():
    taps = motion_taps(10, 3, 45, (48, 48))
    assert taps[0][:2] == (0, 0)
    assert all(x >= 0 and y >= 0 for x, y, _ in taps)
    assert sum(w for _, _, w in taps) == pytest.approx(1)
    level = [w for _, _, w in motion_taps(10, 3, 0, (48, 48))]
    assert level == sorted(level, reverse=True)


def test_taps_stop_at_the_image_without_renormalising():
    taps = motion_taps(20, 15, 0, (32, 32))
    assert max(x for x, _, _ in taps) == 31
    assert 0.96 < sum(w for _, _, w in taps) < 0.99
