import numpy as np
import pytest
from scipy.stats import norm

from uar_mmpretrain.corruptions import Key, corrupt, get

SIDE = 224
COUNT = SIDE * SIDE * 3
IMAGENET = (0.08, 0.12, 0.18, 0.26, 0.38)


def draws(image_id='a', severity=1, seed=0):
    key = Key(seed, image_id, 'gaussian_noise', severity)
    return get('gaussian_noise').draw(key, (SIDE, SIDE, 3),
                                      IMAGENET[severity - 1])


@pytest.mark.parametrize('severity', [1, 3, 5])
def test_injected_normals_give_the_reference_formula(photo, severity):
    std = IMAGENET[severity - 1]
    normals = np.random.default_rng(severity).normal(0, std, photo.shape)
    expected = np.clip(photo / 255 + normals, 0, 1) * 255
    injected = np.floor(255 * normals).astype(np.int16)
    result = get('gaussian_noise').apply(photo, std, injected)
    np.testing.assert_array_equal(result, expected.astype(np.uint8))


@pytest.mark.parametrize('severity', [1, 5])
def test_draws_follow_a_floored_normal(severity):
    noise = draws(severity=severity).ravel()
    std = 255 * IMAGENET[severity - 1]
    levels = np.arange(noise.min(), noise.max() + 1)
    empirical = np.searchsorted(np.sort(noise), levels, side='right') / COUNT
    # floor(z) <= k is z < k + 1.
    distance = np.abs(empirical - norm.cdf((levels + 1) / std)).max()
    assert distance < 1.63 / COUNT**0.5


def test_truncation_lowers_the_mean_by_half_a_level():
    grey = np.full((SIDE, SIDE, 3), 127, np.uint8)
    shift = corrupt(grey, 'gaussian_noise', 1).astype(float) - 127
    standard_error = 255 * 0.08 / COUNT**0.5
    assert abs(shift.mean() + 0.5) < 4 * standard_error
    assert shift.std() == pytest.approx(255 * 0.08, rel=0.01)


def test_channels_and_neighbours_are_independent():
    noise = draws().astype(float)
    limit = 4 / (SIDE * SIDE)**0.5
    flat = noise.reshape(-1, 3)
    for first, second in ((flat[:, 0], flat[:, 1]), (flat[:, 1], flat[:, 2]),
                          (flat[:-1, 0], flat[1:, 0])):
        assert abs(np.corrcoef(first, second)[0, 1]) < limit


@pytest.mark.parametrize('other', [
    dict(severity=2),
    dict(severity=5),
    dict(image_id='b'),
    dict(seed=1),
])
def test_draws_of_other_keys_are_uncorrelated(other):
    r = np.corrcoef(draws().ravel(), draws(**other).ravel())[0, 1]
    assert abs(r) < 4 / COUNT**0.5


def test_saturates_instead_of_wrapping():
    for level in (0, 255):
        flat = np.full((64, 64, 3), level, np.uint8)
        result = corrupt(flat, 'gaussian_noise', 1).astype(int)
        assert np.abs(result - level).max() < 6 * 255 * 0.08
        assert 0.4 < (result == level).mean() < 0.6
