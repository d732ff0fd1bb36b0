import cv2
import numpy as np
import pytest

from uar_mmpretrain.corruptions import Options, corrupt


def test_gray_takes_colour_away_again(small_photo):
    grey = small_photo[..., 0]
    assert np.ptp(corrupt(grey, 'gaussian_noise', 3), axis=2).any()
    result = corrupt(grey, 'gaussian_noise', 3, gray=True)
    assert not np.ptp(result, axis=2).any()


def test_resaving_equals_a_jpeg_round_trip(small_photo):
    plain = corrupt(small_photo, 'contrast', 2)
    _, data = cv2.imencode('.jpg', plain, [cv2.IMWRITE_JPEG_QUALITY, 85])
    np.testing.assert_array_equal(
        corrupt(small_photo, 'contrast', 2, resave_quality=85),
        cv2.imdecode(data, cv2.IMREAD_COLOR))


def test_resaving_an_rgb_image_keeps_its_order(small_photo):
    expected = corrupt(small_photo, 'contrast', 2, resave_quality=85)
    result = corrupt(
        small_photo[..., ::-1], 'contrast', 2, resave_quality=85,
        channel_order='rgb')
    np.testing.assert_array_equal(result, expected[..., ::-1])


@pytest.mark.parametrize('options, error, message', [
    (dict(params='i224'), ValueError, "'imagenet', .*found 'i224'"),
    (dict(channel_order='BGR'), ValueError, "'bgr', 'rgb'; found 'BGR'"),
    (dict(elastic='hc'), ValueError, "'imagecorruptions'; found 'hc'"),
    (dict(seed=1.5), TypeError, 'seed must be an integer, found 1.5'),
    (dict(seed=None), TypeError, 'seed must be an integer, found None'),
    (dict(frost_scale=0), ValueError, 'frost_scale must be .*found 0'),
    (dict(frost_scale='1'), ValueError, "frost_scale must be .*found '1'"),
    (dict(resave_quality=0), ValueError, '1 to 100 or None, found 0'),
    (dict(resave_quality=85.5), ValueError, 'found 85.5'),
    (dict(colour='bgr'), TypeError, 'colour'),
])
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        Options(**options)
    with pytest.raises(error, match=message):
        corrupt(np.zeros((16, 16, 3), np.uint8), 'contrast', 1, **options)


def test_options_seen_before_are_checked_all_the_same():
    face = np.zeros((16, 16, 3), np.uint8)
    corrupt(face, 'brightness', 1, seed=1)
    # True equals 1 and would be found in a cache by value.
    with pytest.raises(TypeError, match='seed must be an integer'):
        corrupt(face, 'brightness', 1, seed=True)
    with pytest.raises(TypeError, match=r'seed must be an integer.*\[1\]'):
        corrupt(face, 'brightness', 1, seed=[1])
