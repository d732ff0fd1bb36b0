import numpy as np
import pytest
from scipy import ndimage

from uar_mmpretrain.corruptions import Key, get
from uar_mmpretrain.corruptions.severities import constants

GLASS = get('glass_blur')


def one_by_one(image, params, draws):
    """Pixel after pixel, as the definition says."""
    sigma, reach, _ = params
    height, width = image.shape[:2]

    def blur(x):
        return ndimage.gaussian_filter(
            x.astype(float), (sigma, sigma, 0), mode='nearest', truncate=4)

    x = (blur(image) + 1e-3).astype(np.uint8)
    for offsets in draws:
        moves = iter(offsets.tolist())
        for row in range(height - reach, reach, -1):
            for column in range(width - reach, reach, -1):
                dx, dy = next(moves)
                x[row, column] = x[row + dy, column + dx]
    return (blur(x) + 1e-3).astype(np.uint8)


@pytest.mark.parametrize('params', ['imagenet', 'imagenet299', 'tiny'])
@pytest.mark.parametrize('severity', [1, 2, 3, 4, 5])
def test_chains_equal_the_sequential_copy(small_photo, params, severity):
    values = constants('glass_blur', severity, params, ())
    key = Key(3, 'a', 'glass_blur', severity)
    draws = GLASS.draw(key, small_photo.shape, values)
    expected = one_by_one(small_photo, values, draws)
    result = GLASS.apply(small_photo, values, draws)
    difference = np.abs(result.astype(int) - expected)
    # Float32 blurs may truncate a tie to the other side.
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.003


def test_displacements_are_uniform_from_minus_d_to_d_minus_1():
    draws = GLASS.draw(
        Key(0, 'a', 'glass_blur', 5), (224, 224, 3), (1.5, 4, 2))
    assert [d.shape for d in draws] == [(216 * 216, 2)] * 2
    counts = np.bincount(draws[0].ravel() + 4)
    assert len(counts) == 8 and draws[0].min() == -4
    expected = draws[0].size / 8
    # chi-squared with 7 degrees of freedom: 24.3 at 0.1 %
    assert ((counts - expected)**2 / expected).sum() < 24.3
    assert abs(np.corrcoef(draws[0].ravel(), draws[1].ravel())[0, 1]) < 0.013


def test_border_is_not_moved():
    ramp = np.arange(32 * 40).reshape(32, 40)
    image = np.repeat((ramp % 251).astype(np.uint8)[..., None], 3, axis=2)
    values = (0.01, 3, 2)  # no blur to speak of
    draws = GLASS.draw(Key(0, 'a', 'glass_blur', 1), image.shape, values)
    result = GLASS.apply(image, values, draws)
    moved = (result != image).any(-1)
    assert moved[4:30, 4:38].mean() > 0.9
    moved[4:30, 4:38] = False
    assert not moved.any()


def test_every_value_comes_from_the_picture(small_photo):
    values = (0.01, 2, 3)
    draws = GLASS.draw(Key(0, 'a', 'glass_blur', 1), small_photo.shape, values)
    result = GLASS.apply(small_photo, values, draws)
    known = {tuple(p) for p in small_photo.reshape(-1, 3).tolist()}
    assert {tuple(p) for p in result.reshape(-1, 3).tolist()} <= known


def test_an_image_smaller_than_the_window_is_only_blurred():
    image = np.full((8, 9, 3), 70, np.uint8)
    for values in ((1.5, 4, 2), (1.6, 5, 2)):
        draws = GLASS.draw(Key(0, 'a', 'glass_blur', 5), image.shape, values)
        assert (GLASS.apply(image, values, draws) == 70).all()
