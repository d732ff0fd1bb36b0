import numpy as np
import pytest
from mmpretrain.registry import TRANSFORMS

from uar_mmpretrain.corruptions import corrupt, names
from uar_mmpretrain.datasets.transforms import RandomCorrupt


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (24, 20, 3), np.uint8)


def run(transform, image, seed=0):
    np.random.seed(seed)
    return transform(dict(img=image, image_id='train/a.png'))['img']


def test_is_built_from_the_registry():
    built = TRANSFORMS.build(dict(type='RandomCorrupt', params='tiny'))
    assert built.corruptions == tuple(names('extra'))
    assert built.options.params == 'tiny'


def test_share_of_the_images():
    image = np.full((8, 8, 3), 60, np.uint8)
    transform = RandomCorrupt(['brightness'], prob=0.3)
    np.random.seed(0)
    changed = sum(
        (transform(dict(img=image, image_id='a'))['img'] != image).any()
        for _ in range(1000))
    # Binomial: 300 +- 4 x 14.5
    assert 242 < changed < 358


def test_probabilities_0_and_1(image):
    assert run(RandomCorrupt(prob=0), image) is image
    always = RandomCorrupt(['contrast'], [2], prob=1)
    np.testing.assert_array_equal(
        run(always, image), corrupt(image, 'contrast', 2))


def test_every_name_and_severity_is_drawn():
    transform = RandomCorrupt(['contrast', 'pixelate'], [1, 5], prob=1)
    np.random.seed(0)
    drawn = {transform._draw()[:2] for _ in range(100)}
    assert drawn == {(n, s) for n in ('contrast', 'pixelate') for s in (1, 5)}


def test_same_state_same_pixels_and_never_those_of_an_evaluation(image):
    transform = RandomCorrupt(['gaussian_noise'], [3], prob=1)
    first, second = run(transform, image), run(transform, image, seed=1)
    np.testing.assert_array_equal(run(transform, image), first)
    evaluated = corrupt(image, 'gaussian_noise', 3, image_id='train/a.png')
    for one, other in ((first, second), (first, evaluated)):
        assert (one != other).mean() > 0.5


def test_the_input_array_is_not_written(image):
    before = image.copy()
    run(RandomCorrupt('all', prob=1), image)
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize('arguments, error, message', [
    (dict(corruptions=['rain']), ValueError, "unknown corruption 'rain'"),
    (dict(corruptions='most'), ValueError, "group of corruptions 'most'"),
    (dict(corruptions=[]), ValueError, 'must not be empty'),
    (dict(severities=[]), ValueError, 'must not be empty'),
    (dict(severities=[0]), ValueError, '1 to 5, found 0'),
    (dict(prob=1.1), ValueError, 'prob must be from 0 to 1, found 1.1'),
    (dict(params='small'), ValueError, "found 'small'"),
])
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        RandomCorrupt(**arguments)
