"""Every batched corruption against the NumPy version of the same images."""

import numpy as np
import pytest
import torch

from uar_mmpretrain.corruptions import corrupt, names
from uar_mmpretrain.corruptions.batched import batched_names, corrupt_batch

IDS = ['a/1.png', 'a/2.png', 'b/1.png']
EXACT = ('gaussian_noise', 'shot_noise', 'impulse_noise', 'speckle_noise',
         'brightness', 'contrast', 'pixelate', 'jpeg_compression', 'spatter')
# Largest share of values that may be off by the one level.
SHARE = {'glass_blur': 0.01, 'elastic_transform': 0.01}


def one_by_one(batch, name, severity, **options):
    arrays = batch.permute(0, 2, 3, 1).numpy()
    results = [
        corrupt(array, name, severity, image_id=image_id, **options)
        for array, image_id in zip(arrays, IDS)
    ]
    return torch.from_numpy(np.stack(results)).permute(0, 3, 1, 2)


def check(batch, name, severity, **options):
    result = corrupt_batch(batch, name, severity, IDS, **options)
    expected = one_by_one(batch, name, severity, **options)
    assert result.dtype == torch.uint8 and result.is_contiguous()
    if name in EXACT:
        assert torch.equal(result, expected)
        return
    difference = (result.int() - expected.int()).abs()
    assert difference.max() <= 1
    assert (difference > 0).float().mean() <= SHARE.get(name, 0.002)


@pytest.mark.parametrize('severity', [1, 2, 3, 4, 5])
@pytest.mark.parametrize('name', names())
def test_equals_the_numpy_version(batch, name, severity):
    check(batch, name, severity)


@pytest.mark.parametrize('params', ['imagenet299', 'tiny', 'cifar', 'auto'])
@pytest.mark.parametrize('name', names())
def test_other_constants(faces, name, params):
    for severity in (1, 4):
        check(faces, name, severity, params=params)


@pytest.mark.parametrize('name', names())
@pytest.mark.parametrize('options', [
    {'channel_order': 'rgb'},
    {'seed': 7, 'repeat': 3},
    {'gray': True, 'channel_order': 'rgb'},
], ids=str)
def test_options(faces, name, options):
    check(faces, name, 4, **options)


def test_resaving(faces):
    # On a bit-equal corruption, because the codec spreads one level.
    check(faces, 'contrast', 2, resave_quality=85)


@pytest.mark.parametrize('severity', [1, 5])
def test_the_other_elastic_definition(batch, severity):
    check(batch, 'elastic_transform', severity, elastic='imagecorruptions')


def test_enlarged_frost(batch):
    check(batch, 'frost', 2, frost_scale=1.1)


@pytest.mark.parametrize('name', names())
def test_smallest_images(name):
    # Smaller than most kernels, which then mirror the border repeatedly.
    rng = np.random.default_rng(0)
    tiny = torch.from_numpy(rng.integers(0, 256, (3, 3, 9, 8), np.uint8))
    check(tiny, name, 5)


@pytest.mark.parametrize('level', [0, 1, 127, 254, 255])
def test_flat_images(level):
    flat = torch.full((3, 3, 24, 30), level, dtype=torch.uint8)
    for name in batched_names():
        if name in ('defocus_blur', 'gaussian_blur', 'motion_blur',
                    'zoom_blur', 'contrast', 'saturate', 'snow'):
            for severity in (1, 3, 5):
                result = corrupt_batch(flat, name, severity, IDS)
                expected = one_by_one(flat, name, severity)
                assert torch.equal(result, expected), (name, severity)
