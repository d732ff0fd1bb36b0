import colorsys

import numpy as np
import pytest

from uar_mmpretrain.corruptions import corrupt
from uar_mmpretrain.corruptions.severities import constants


def by_colorsys(image, constant):
    """The HSV round trip, pixel by pixel, before truncation (BGR)."""
    out = np.empty(image.shape)
    for index in np.ndindex(image.shape[:2]):
        blue, green, red = image[index] / 255
        hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
        value = min(max(value + constant, 0), 1)
        out[index] = colorsys.hsv_to_rgb(hue, saturation, value)[::-1]
    return out * 255


@pytest.mark.parametrize('severity', [1, 2, 3, 4, 5])
@pytest.mark.parametrize('params', ['imagenet', 'cifar'])
def test_brightness_matches_the_hsv_round_trip(small_photo, params, severity):
    constant = constants('brightness', severity, params, ())
    exact = by_colorsys(small_photo, constant)
    result = corrupt(small_photo, 'brightness', severity, params=params)
    # Where the closed form is an integer the round trip falls on either side.
    assert (np.floor(np.maximum(exact - 1e-9, 0)) <= result).all()
    assert (result <= np.floor(exact + 1e-9)).all()
    assert (result != exact.astype(np.uint8)).mean() < 0.01


def test_brightness_by_hand():
    image = np.zeros((8, 8, 3), np.uint8)
    image[0, 0] = (50, 100, 200)
    image[0, 1] = (0, 0, 200)
    image[0, 2] = (255, 255, 255)
    result = corrupt(image, 'brightness', 1)
    # V' = 200 + 25.5 = 225.5; factor 1.1275.
    assert result[0, 0].tolist() == [56, 112, 225]
    assert result[0, 1].tolist() == [0, 0, 225]
    assert result[0, 2].tolist() == [255, 255, 255]
    assert (result[1:] == 25).all()  # black becomes the grey c


def test_brightness_keeps_hue_and_saturation_when_it_clips():
    image = np.full((8, 8, 3), (60, 120, 240), np.uint8)
    result = corrupt(image, 'brightness', 5)
    # V' = 1: factor 255 / 240; 120 becomes 127.5, 60 becomes 63.75.
    assert result[0, 0].tolist() == [63, 127, 255]


def test_brightness_keeps_grey_grey():
    ramp = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, 2)
    result = corrupt(ramp, 'brightness', 3).astype(int)
    assert (result == result[..., :1]).all()
    expected = np.minimum((ramp[..., 0] / 255 + 0.3) * 255, 255)
    assert np.abs(result[..., 0] - np.floor(expected + 1e-9)).max() <= 1
    assert (np.diff(result[..., 0].ravel()) >= 0).all()
