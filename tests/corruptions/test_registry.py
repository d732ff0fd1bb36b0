import pytest

from uar_mmpretrain.corruptions import get, names, register

FIRST_SET = [
    'gaussian_noise', 'defocus_blur', 'brightness', 'contrast', 'pixelate',
    'jpeg_compression'
]


def test_names_follow_the_order_of_imagenet_c():
    listed = names('standard')
    assert [n for n in listed if n in FIRST_SET] == FIRST_SET


def test_all_is_standard_then_extra():
    assert names('all') == names() == names('standard') + names('extra')
    assert len(set(names('all'))) == len(names('all'))


def test_only_random_corruptions_have_draws():
    assert get('gaussian_noise').draw is not None
    assert get('gaussian_noise').group == 'standard'
    for name in FIRST_SET[1:]:
        assert get(name).draw is None


def test_unknown_name_offers_the_nearest():
    with pytest.raises(ValueError, match="'jpeg'.*available: gaussian_noise"):
        get('jpeg')
    with pytest.raises(ValueError, match="did you mean 'gaussian_noise'"):
        get('gausian_noise')


def test_unknown_group():
    with pytest.raises(ValueError, match="'extras'; expected 'standard'"):
        names('extras')


def test_registering_twice_or_outside_imagenet_c_is_refused():
    with pytest.raises(ValueError, match='registered already'):
        register('contrast')
    with pytest.raises(ValueError, match='not a corruption of ImageNet-C'):
        register('rain')
