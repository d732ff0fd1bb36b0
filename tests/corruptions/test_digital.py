import io

import numpy as np
import pytest
from PIL import Image

from uar_mmpretrain.corruptions import corrupt
from uar_mmpretrain.corruptions.severities import constants

BOX = Image.Resampling.BOX
SETS = ('imagenet', 'imagenet299', 'tiny', 'cifar')
CASES = [(p, s) for p in SETS for s in range(1, 6)]


@pytest.mark.parametrize('params, severity', CASES)
def test_contrast_matches_float64(photo, params, severity):
    keep = constants('contrast', severity, params, ())
    unit = photo / 255.
    mean = unit.mean(axis=(0, 1))
    expected = np.clip((unit - mean) * keep + mean, 0, 1) * 255
    result = corrupt(photo, 'contrast', severity, params=params)
    np.testing.assert_array_equal(result, expected.astype(np.uint8))


def test_contrast_by_hand():
    image = np.zeros((8, 8, 3), np.uint8)
    image[:4] = (200, 100, 51)
    result = corrupt(image, 'contrast', 1)
    # Means 100, 50, 25.5; 40 % of the distance is kept.
    assert result[0, 0].tolist() == [140, 70, 35]
    assert result[7, 7].tolist() == [60, 30, 15]


@pytest.mark.parametrize('level', [0, 1, 127, 200, 254, 255])
def test_contrast_leaves_a_flat_image_alone(level):
    flat = np.full((11, 13, 3), level, np.uint8)
    for severity in range(1, 6):
        assert (corrupt(flat, 'contrast', severity) == flat).all()


@pytest.mark.parametrize('height, width', [(224, 224), (48, 48), (40, 56)])
@pytest.mark.parametrize('severity', [1, 2, 3, 4, 5])
def test_pixelate_is_pillow_box_down(photo, height, width, severity):
    image = np.ascontiguousarray(photo[:height, :width])
    keep = constants('pixelate', severity, 'imagenet', ())
    small = Image.fromarray(image).resize(
        (int(width * keep), int(height * keep)), BOX)
    expected = small.resize((width, height), Image.Resampling.NEAREST)
    result = corrupt(image, 'pixelate', severity)
    np.testing.assert_array_equal(result, np.asarray(expected))


@pytest.mark.parametrize('params, side', [('imagenet', 224), ('imagenet', 48),
                                          ('tiny', 64), ('cifar', 32)])
def test_pixelate_equals_box_up_at_the_published_sizes(photo, params, side):
    image = np.ascontiguousarray(photo[:side, :side])
    for severity in range(1, 6):
        small = int(side * constants('pixelate', severity, params, ()))
        expected = Image.fromarray(image).resize((small, small), BOX).resize(
            (side, side), BOX)
        result = corrupt(image, 'pixelate', severity, params=params)
        np.testing.assert_array_equal(result, np.asarray(expected))


def test_pixelate_by_hand():
    image = np.zeros((8, 8, 3), np.uint8)
    image[:4, :4] = np.arange(16).reshape(4, 4, 1)
    # To 2 x 2 and back; rows average 1.5 5.5 9.5 13.5, rounded to 2 6 10 14.
    result = corrupt(image, 'pixelate', 5)
    assert (result[:4, :4] == 8).all()
    assert (result[4:] == 0).all() and (result[:, 4:] == 0).all()


@pytest.mark.parametrize('params, severity', CASES)
def test_jpeg_equals_pillow(small_photo, params, severity):
    quality = constants('jpeg_compression', severity, params, ())
    buffer = io.BytesIO()
    Image.fromarray(small_photo[..., ::-1].copy()).save(
        buffer, 'JPEG', quality=quality)
    expected = np.asarray(Image.open(buffer))[..., ::-1]
    result = corrupt(
        small_photo, 'jpeg_compression', severity, params=params)
    np.testing.assert_array_equal(result, expected)


def test_jpeg_refuses_what_the_format_cannot_hold():
    strip = np.zeros((8, 65501, 3), np.uint8)
    with pytest.raises(ValueError, match='at most 65500 pixels'):
        corrupt(strip, 'jpeg_compression', 1)
