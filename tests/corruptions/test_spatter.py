import numpy as np
import pytest
from scipy import ndimage

from uar_mmpretrain.corruptions import Key, corrupt, get
from uar_mmpretrain.corruptions.severities import constants

SPATTER = get('spatter')


def test_no_liquid_leaves_the_picture_alone(small_photo):
    for severity in (1, 4):
        values = constants('spatter', severity, 'imagenet', ())
        dry = np.zeros(small_photo.shape[:2], np.float32)
        result = SPATTER.apply(small_photo, values, dry)
        np.testing.assert_array_equal(result, small_photo)
        assert not np.shares_memory(result, small_photo)


@pytest.mark.parametrize('severity', [4, 5])
def test_mud_follows_its_formula(photo, severity):
    values = constants('spatter', severity, 'imagenet', ())
    field = SPATTER.draw(
        Key(0, 'a', 'spatter', severity), photo.shape, values)
    _, _, sigma, threshold, spread, _ = values

    def blur(x, s):
        return ndimage.gaussian_filter(x, s, mode='nearest', truncate=4)

    cover = blur((blur(field.astype(float), sigma) > threshold).astype(float),
                 spread)
    cover[cover < 0.8] = 0
    brown = np.array([20, 42, 63])  # B, G, R
    exact = (1 - cover)[..., None] * photo + cover[..., None] * brown
    result = SPATTER.apply(photo, values, field).astype(int)
    near = np.abs(cover - 0.8) > 1e-4
    difference = np.abs(result - np.floor(exact + 1e-3))[near]
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.002


@pytest.mark.parametrize('severity', [1, 2, 3])
def test_water_only_adds_pale_blue(photo, severity):
    dim = photo // 3
    added = corrupt(dim, 'spatter', severity).astype(int) - dim
    assert added.min() >= 0
    wet = added[..., 0] > 30
    assert 0.001 < wet.mean() < 0.9
    # B and G alike, R less: 238 : 238 : 175.
    assert np.abs(added[..., 0] - added[..., 1]).max() <= 1
    ratio = added[..., 2][wet] / added[..., 0][wet]
    assert np.abs(ratio - 175 / 238).max() < 0.05


def test_water_reaches_its_strength_somewhere():
    black = np.zeros((224, 224, 3), np.uint8)
    for severity, strength in ((1, 0.6), (3, 0.5)):
        peak = corrupt(black, 'spatter', severity)[..., 0].max()
        assert peak == int(strength * 238 + 1e-3)
