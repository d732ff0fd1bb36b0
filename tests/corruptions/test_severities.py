import pytest

from uar_mmpretrain.corruptions import PARAM_SETS, names
from uar_mmpretrain.corruptions.severities import auto_params, constants

SHAPE = (48, 48, 3)


def test_every_corruption_has_five_different_severities_in_every_set():
    for name in names():
        for params in PARAM_SETS:
            values = {constants(name, s, params, SHAPE) for s in range(1, 6)}
            assert len(values) == 5, (name, params)


@pytest.mark.parametrize('name, severity, params, expected', [
    ('gaussian_noise', 1, 'imagenet', 0.08),
    ('gaussian_noise', 5, 'imagenet299', 0.40),
    ('gaussian_noise', 3, 'cifar', 0.08),
    ('defocus_blur', 4, 'imagenet', (8, 0.5)),
    ('defocus_blur', 4, 'tiny', (2.5, 0.01)),
    ('brightness', 5, 'cifar', 0.3),
    ('contrast', 5, 'tiny', 0.05),
    ('pixelate', 1, 'cifar', 0.95),
    ('jpeg_compression', 5, 'imagenet', 7),
])
def test_constants_of_the_publications(name, severity, params, expected):
    assert constants(name, severity, params, SHAPE) == expected


@pytest.mark.parametrize('shape, expected', [
    ((45, 300, 3), 'cifar'),
    ((300, 46, 3), 'tiny'),
    ((119, 119, 3), 'tiny'),
    ((120, 120, 3), 'imagenet'),
    ((258, 999, 3), 'imagenet'),
    ((259, 259, 3), 'imagenet299'),
])
def test_auto_goes_by_the_shorter_side(shape, expected):
    assert auto_params(shape) == expected
    assert constants('pixelate', 2, 'auto', shape) == constants(
        'pixelate', 2, expected, shape)
