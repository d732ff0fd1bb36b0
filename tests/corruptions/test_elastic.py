import numpy as np
import pytest
from scipy import ndimage

from uar_mmpretrain.corruptions import Key, corrupt, get
from uar_mmpretrain.corruptions.elastic import smooth
from uar_mmpretrain.corruptions.severities import constants, jitter_constants

ELASTIC = get('elastic_transform')


def draws_for(shape, severity=1):
    return ELASTIC.draw(Key(0, 'a', 'elastic_transform', severity), shape,
                        None)


@pytest.mark.parametrize('sigma', [0.5, 2.4, 12.0, 19.5, 170.8])
def test_smoothing_equals_scipy(sigma):
    field = np.random.default_rng(0).uniform(-1, 1, (60, 48))
    expected = ndimage.gaussian_filter(
        field, sigma, mode='reflect', truncate=3)
    result = smooth(field.astype(np.float32), (sigma, sigma))
    # What the left-out cosines carry: below 1e-4 of the field each.
    np.testing.assert_allclose(result, expected, atol=2e-4)


def test_axes_have_their_own_sigma():
    field = np.random.default_rng(1).uniform(-1, 1, (64, 40))
    for sigmas in ((1.0, 3.0), (12.0, 0.5)):
        expected = ndimage.gaussian_filter(
            field, sigmas, mode='reflect', truncate=3)
        np.testing.assert_allclose(
            smooth(field.astype(np.float32), sigmas), expected, atol=2e-4)


def resampled(image, values, draws):
    strength, sigmas, _ = values
    _, along_x, along_y = (d.astype(float) for d in draws)
    move_x, move_y = (
        strength * ndimage.gaussian_filter(
            field, sigmas, mode='reflect', truncate=3)
        for field in (along_x, along_y))
    rows, columns = np.indices(image.shape[:2])
    return np.stack([
        ndimage.map_coordinates(
            channel.astype(float), (rows + move_y, columns + move_x),
            order=1,
            mode='reflect') for channel in np.moveaxis(image, -1, 0)
    ], axis=-1)


@pytest.mark.parametrize('severity', [1, 3, 5])
def test_jitter_equals_scipy(small_photo, severity):
    values = jitter_constants(severity, small_photo.shape)
    draws = draws_for(small_photo.shape)
    exact = resampled(small_photo, values, draws)
    result = ELASTIC.apply(small_photo, values, draws).astype(int)
    difference = np.abs(result - np.floor(exact + 1e-3))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.002


@pytest.mark.parametrize('severity', [1, 2, 3])
def test_imagenet_c_field_equals_scipy_without_the_affine_map(
        photo, severity):
    strength, sigmas, _ = constants('elastic_transform', severity, 'imagenet',
                                    photo.shape)
    values = strength, sigmas, 0
    draws = draws_for(photo.shape)
    exact = resampled(photo, values, draws)
    result = ELASTIC.apply(photo, values, draws).astype(int)
    difference = np.abs(result - np.floor(exact + 1e-3))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.01


def test_affine_map_moves_its_three_points():
    # A linear ramp shows where every pixel came from.
    rows, columns = np.indices((90, 90))
    image = np.stack([columns * 2, rows * 2, columns], -1).astype(np.uint8)
    corners = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
    blank = np.zeros((90, 90), np.float32)
    result = ELASTIC.apply(image, (0, (0, 0), 6.0), (corners, blank, blank))
    for (x, y), (dx, dy) in zip(((75, 75), (75, 15), (15, 15)),
                                ((6, 0), (0, 6), (-6, 0))):
        column, row, _ = result[y + dy, x + dx].astype(int)
        assert abs(column - 2 * x) <= 1 and abs(row - 2 * y) <= 1


def test_the_two_definitions_differ(small_photo):
    first = corrupt(small_photo, 'elastic_transform', 3)
    second = corrupt(
        small_photo, 'elastic_transform', 3, elastic='imagecorruptions')
    assert (first != second).mean() > 0.5
