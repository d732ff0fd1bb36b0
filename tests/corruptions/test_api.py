import hashlib

import numpy as np
import pytest

from uar_mmpretrain.corruptions import PARAM_SETS, corrupt, names

ALL = names()
# Those whose five constants are steps of one strength; snow, saturate and
# others change in kind.
STEPWISE = ('gaussian_noise', 'shot_noise', 'impulse_noise', 'speckle_noise',
            'defocus_blur', 'gaussian_blur', 'zoom_blur', 'brightness',
            'contrast', 'pixelate', 'jpeg_compression')
# Those that move or average pixels, and so keep a flat image.
AVERAGING = ('defocus_blur', 'glass_blur', 'motion_blur', 'zoom_blur',
             'gaussian_blur', 'contrast', 'elastic_transform', 'pixelate',
             'jpeg_compression')


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()


@pytest.mark.parametrize('params', PARAM_SETS)
@pytest.mark.parametrize('name', STEPWISE)
def test_strength_grows_with_severity(small_photo, name, params):
    distances = [
        np.abs(corrupt(small_photo, name, s, params=params).astype(float)
               - small_photo).mean() for s in range(1, 6)
    ]
    assert distances[0] > 0
    # Ringing and sampling phase make small steps uneven.
    assert all(b > 0.97 * a for a, b in zip(distances, distances[1:]))
    assert distances[4] > 1.2 * distances[0]


@pytest.mark.parametrize('name', ALL)
@pytest.mark.parametrize('view', [
    lambda x: x[::-1, ::-1],
    lambda x: x[::2, ::3],
    lambda x: x[..., ::-1],
    lambda x: x.transpose(1, 0, 2),
])
def test_views_give_what_their_copies_give(small_photo, name, view):
    strided = view(small_photo)
    expected = corrupt(np.ascontiguousarray(strided), name, 3)
    np.testing.assert_array_equal(corrupt(strided, name, 3), expected)
    assert expected.shape == strided.shape


@pytest.mark.parametrize('name', ['clean', *ALL])
def test_input_is_never_modified_nor_returned(small_photo, name):
    image = small_photo.copy()
    image.flags.writeable = False
    result = corrupt(image, name, 0 if name == 'clean' else 5)
    assert not np.shares_memory(result, image)
    result[:] = 0  # writeable
    np.testing.assert_array_equal(image, small_photo)


@pytest.mark.parametrize('name', ALL)
@pytest.mark.parametrize('level', [0, 1, 127, 254, 255])
def test_flat_images(name, level):
    # longer than the furthest motion
    flat = np.full((47, 53, 3), level, np.uint8)
    for severity in range(1, 6):
        result = corrupt(flat, name, severity)
        assert result.shape == flat.shape and result.dtype == np.uint8
        if name in AVERAGING:
            # defocus: at most the 1.3 % by which its kernel exceeds 1
            assert np.abs(result.astype(int) - level).max() <= 4


@pytest.mark.parametrize('name', ALL)
def test_saturated_primaries_do_not_wrap(name):
    image = np.zeros((30, 24, 3), np.uint8)
    image[:, 8:16] = 255
    image[:, 16:] = (255, 0, 0)
    bright = corrupt(image, name, 5)[:, 11:13].astype(int)
    # Contrast 5 leaves 5 % of the distance to a mean near 85-170.
    assert bright.mean() > 80


@pytest.mark.parametrize('name', ['clean', *ALL])
def test_grey_is_replicated(small_photo, name):
    grey = small_photo[..., 0]
    severity = 0 if name == 'clean' else 2
    colour = np.repeat(grey[..., None], 3, axis=2)
    np.testing.assert_array_equal(
        corrupt(grey, name, severity), corrupt(colour, name, severity))


@pytest.mark.parametrize('name', ['clean', *ALL])
def test_rgb_gives_the_same_picture_as_bgr(small_photo, name):
    severity = 0 if name == 'clean' else 4
    rgb = small_photo[..., ::-1]
    expected = corrupt(small_photo, name, severity)[..., ::-1]
    result = corrupt(rgb, name, severity, channel_order='rgb')
    np.testing.assert_array_equal(result, expected)


def test_only_the_key_decides_the_noise(small_photo):
    def noise(**kwargs):
        return digest(corrupt(small_photo, 'gaussian_noise', 2, **kwargs))

    first = noise(seed=1, image_id='a')
    np.random.seed(99)
    assert noise(seed=2, image_id='a') != first
    assert noise(seed=1, image_id='b') != first
    assert noise(seed=1, image_id='a') == first
    assert noise(seed=np.int64(1), image_id='a') == first


def test_global_random_state_is_untouched(small_photo):
    np.random.seed(0)
    for name in ALL:
        corrupt(small_photo, name, 1)
    assert np.random.rand() == np.random.RandomState(0).rand()


def test_auto_uses_the_set_of_the_size(small_photo):
    for name in ALL:
        np.testing.assert_array_equal(
            corrupt(small_photo, name, 3, params='auto'),
            corrupt(small_photo, name, 3, params='cifar'))


GOOD = np.zeros((16, 16, 3), np.uint8)


@pytest.mark.parametrize('image, error, message', [
    (GOOD.astype(np.float32), TypeError, 'found float32 array; corrupt bef'),
    ([[1, 2]], TypeError, 'found list'),
    (None, TypeError, 'found NoneType'),
    (np.zeros((16, 16, 4), np.uint8), ValueError, r'found \(16, 16, 4\)'),
    (np.zeros((16, 16, 1), np.uint8), ValueError, r'found \(16, 16, 1\)'),
    (np.zeros((2, 16, 16, 3), np.uint8), ValueError, r'\(2, 16, 16, 3\)'),
    (np.zeros((7, 16, 3), np.uint8), ValueError, 'at least 8 pixels'),
    (np.zeros((0, 0, 3), np.uint8), ValueError, 'at least 8 pixels'),
])
@pytest.mark.parametrize('name, severity', [('contrast', 1), ('clean', 0)])
def test_bad_images(image, error, message, name, severity):
    with pytest.raises(error, match=message):
        corrupt(image, name, severity)


@pytest.mark.parametrize('arguments, error, message', [
    (('contrast', 0), ValueError, "1 to 5, found 0; use the name 'clean'"),
    (('contrast', 6), ValueError, "'contrast' must be 1 to 5, found 6"),
    (('contrast', -1), ValueError, 'found -1'),
    (('contrast', 2.0), TypeError, 'severity must be an integer, found 2.0'),
    (('contrast', True), TypeError, 'found True'),
    (('clean', 1), ValueError, "severity of 'clean' must be 0, found 1"),
    (('contrst', 1), ValueError, "did you mean 'contrast'"),
])
def test_bad_variants(arguments, error, message):
    with pytest.raises(error, match=message):
        corrupt(GOOD, *arguments)


def test_bad_ids():
    with pytest.raises(TypeError, match='image_id must be a string .*found 3'):
        corrupt(GOOD, 'contrast', 1, image_id=3)
    with pytest.raises(TypeError, match='repeat must be an integer'):
        corrupt(GOOD, 'contrast', 1, repeat=0.5)
