import cv2
import numpy as np
import pytest
from mmcv.transforms import Resize
from mmpretrain.registry import TRANSFORMS

from uar_mmpretrain.corruptions import corrupt
from uar_mmpretrain.datasets.transforms.corrupt import Corrupt


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (24, 20, 3), np.uint8)


def results_for(image, **kwargs):
    return dict(img=image, image_id='test/a.png', **kwargs)


def test_is_built_from_the_registry():
    built = TRANSFORMS.build(dict(type='Corrupt', seed=4))
    assert isinstance(built, Corrupt) and built.options.seed == 4


def test_own_name_and_severity(image):
    transform = Corrupt('gaussian_noise', 3, seed=2, params='cifar')
    results = transform(results_for(image))
    expected = corrupt(image, 'gaussian_noise', 3, seed=2, params='cifar',
                       image_id='test/a.png')
    np.testing.assert_array_equal(results['img'], expected)
    assert (results['corruption'], results['severity']) == (
        'gaussian_noise', 3)


def test_the_results_win_over_the_arguments(image):
    results = Corrupt('contrast', 5)(
        results_for(image, corruption='pixelate', severity=2))
    np.testing.assert_array_equal(results['img'],
                                  corrupt(image, 'pixelate', 2))
    assert (results['corruption'], results['severity']) == ('pixelate', 2)


@pytest.mark.parametrize('transform, extra', [
    (Corrupt('clean'), {}),
    (Corrupt('contrast', 5), dict(corruption='clean', severity=0)),
    (Corrupt(at_size=60), dict(corruption='clean', severity=0)),
])
def test_clean_leaves_the_pixels(image, transform, extra):
    results = transform(results_for(image, **extra))
    np.testing.assert_array_equal(results['img'], image)
    assert (results['corruption'], results['severity']) == ('clean', 0)


def test_the_input_array_is_not_written(image):
    before = image.copy()
    Corrupt('gaussian_noise', 5)(results_for(image))
    np.testing.assert_array_equal(image, before)


def test_before_and_after_resize(image):
    resize = Resize(scale=(48, 64))
    before = resize(Corrupt('pixelate', 5)(results_for(image)))['img']
    after = Corrupt('pixelate', 5)(resize(results_for(image)))['img']
    large = resize(results_for(image))['img']
    np.testing.assert_array_equal(after, corrupt(large, 'pixelate', 5))
    assert before.shape == after.shape == (64, 48, 3)
    assert (before != after).any()


def test_at_another_size(image):
    results = Corrupt('pixelate', 5, at_size=60)(results_for(image))
    large = Resize(scale=(60, 72))(results_for(image))['img']
    expected = cv2.resize(corrupt(large, 'pixelate', 5), (20, 24),
                          interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(results['img'], expected)
    # Milder than at the image's own size.
    distance = [np.abs(image - one.astype(float)).mean() for one in (
        results['img'], corrupt(image, 'pixelate', 5))]
    assert distance[0] < distance[1]


@pytest.mark.parametrize('keys, expected', [
    (dict(image_id='a', img_path='/x/b.png', sample_idx=7), 'a'),
    (dict(img_path='/x/b.png', sample_idx=7), '/x/b.png'),
    (dict(image_id=None, img_path=None, sample_idx=0), '0'),
])
def test_key_of_the_image(image, keys, expected):
    results = Corrupt('gaussian_noise', 1)(dict(img=image, **keys))
    np.testing.assert_array_equal(
        results['img'], corrupt(image, 'gaussian_noise', 1,
                                image_id=expected))


def test_channel_order_is_passed_on(image):
    rgb = image[..., ::-1]
    results = Corrupt('jpeg_compression', 5, channel_order='rgb')(
        results_for(rgb))
    expected = corrupt(image, 'jpeg_compression', 5)[..., ::-1]
    np.testing.assert_array_equal(results['img'], expected)


@pytest.mark.parametrize('name, severity', [('clean', 0), ('contrast', 1)])
def test_grey_becomes_three_channels(image, name, severity):
    results = Corrupt(name, severity)(results_for(image[..., 0]))
    assert results['img'].shape == (24, 20, 3)


@pytest.mark.parametrize('arguments, error, message', [
    (dict(name='contrst', severity=1), ValueError, "did you mean 'contrast'"),
    (dict(name='contrast'), TypeError, 'must be an integer, found None'),
    (dict(name='contrast', severity=6), ValueError, '1 to 5, found 6'),
    (dict(severity=3), ValueError, 'severity=3 was given without a name'),
    (dict(params='small'), ValueError, "found 'small'"),
    (dict(channel_order='gbr'), ValueError, "found 'gbr'"),
    (dict(seed='0'), TypeError, "found '0'"),
    (dict(at_size=0), ValueError, 'number of pixels or None, found 0'),
    (dict(at_size='224'), ValueError, "found '224'"),
])
def test_bad_arguments_fail_when_it_is_built(arguments, error, message):
    with pytest.raises(error, match=message):
        Corrupt(**arguments)


@pytest.mark.parametrize('results, error, message', [
    (dict(), KeyError, "needs 'corruption' and 'severity' in the results"),
    (dict(corruption='contrast'), KeyError, "'corruption' and 'severity'"),
    (dict(severity=1), KeyError, "'corruption' and 'severity'"),
    (dict(corruption='fgo', severity=1), ValueError, "unknown corruption"),
    (dict(corruption='contrast', severity=9), ValueError, 'found 9'),
    (dict(corruption='contrast', severity=1), KeyError, "carry no 'img'"),
    (dict(corruption='contrast', severity=1, img=np.zeros((9, 9, 3))),
     KeyError, "none of 'image_id', 'img_path' and 'sample_idx'"),
    (dict(corruption='contrast', severity=1, sample_idx=0,
          img=np.zeros((9, 9, 3))), TypeError, 'found float64 array'),
])
def test_bad_results(results, error, message):
    with pytest.raises(error, match=message):
        Corrupt()(results)


def test_an_image_is_not_reduced_to_be_corrupted(image):
    with pytest.raises(ValueError, match="at_size=16 is below .* 24 x 20"):
        Corrupt('contrast', 1, at_size=16)(results_for(image))


def test_repr_tells_the_settings():
    text = repr(Corrupt('contrast', 2, seed=3))
    assert text.startswith("Corrupt(name='contrast', severity=2, at_size=None")
    assert 'seed=3' in text and "params='imagenet'" in text
