"""The eight deterministic corruptions against stored reference outputs."""

import json
import zlib

import numpy as np
import pytest

from uar_mmpretrain.corruptions import corrupt, names

from .golden.archive import OUTPUTS, STATISTICS, read
from .golden.images import IMAGES, PHOTOS

# Largest share of values that may be one level off, per severity 1 to 5.
# Tables and float32 sums decide ties differently from float64 ones.
SHARES = {
    'contrast': [0] * 5,
    'jpeg_compression': [0] * 5,
    'pixelate': [0] * 5,
    'brightness': [0.01] * 5,
    # At severity 3 every value that is not clipped is an integer, and the
    # round-off of the reference's way to HSV and back decides on each.
    'saturate': [0.01, 0.01, 0.08, 0.01, 0.01],
    'defocus_blur': [0.0005] * 5,
    'gaussian_blur': [0.004] * 5,
    'zoom_blur': [0.002] * 5,
}
PRESENT = [name for name in SHARES if name in names()]
EXACT = [n for n in PRESENT if n in ('jpeg_compression', 'pixelate')]
ROUNDED = [n for n in PRESENT if n not in EXACT]
CASES = [(name, severity) for name in PRESENT for severity in range(1, 6)]


@pytest.fixture(scope='module')
def outputs():
    return read(OUTPUTS)


def run(image, name, severity):
    return corrupt(image, name, severity, channel_order='rgb')


@pytest.mark.parametrize('label', IMAGES)
def test_pictures_are_those_the_reference_was_given(label):
    content = json.loads(STATISTICS.read_text())
    assert zlib.crc32(IMAGES[label].tobytes()) == content['images'][label]


@pytest.mark.parametrize('name, severity', CASES)
def test_photographs_within_the_share(outputs, name, severity):
    differences = np.concatenate([
        np.ravel(run(image, name, severity).astype(int)
                 - outputs[f'{name}/{label}'][severity - 1])
        for label, image in PHOTOS.items()
    ])
    assert np.abs(differences).max() <= 1
    assert (differences != 0).mean() <= SHARES[name][severity - 1]


@pytest.mark.parametrize('label', IMAGES)
@pytest.mark.parametrize('name', EXACT)
def test_equal_on_every_picture(outputs, name, label):
    for severity in range(1, 6):
        np.testing.assert_array_equal(
            run(IMAGES[label], name, severity),
            outputs[f'{name}/{label}'][severity - 1])


@pytest.mark.parametrize('label', IMAGES)
@pytest.mark.parametrize('name', ROUNDED)
def test_differs_only_where_the_exact_value_is_an_integer(
        outputs, name, label):
    """Within 2e-3 of an integer, truncation may fall to either side."""
    for severity in range(1, 6):
        ties = outputs[f'{name}/{label}/ties'][severity - 1].view(np.int8)
        difference = (run(IMAGES[label], name, severity).astype(int)
                      - outputs[f'{name}/{label}'][severity - 1])
        assert ((difference == 0) | (difference == ties)).all()


@pytest.mark.parametrize('name, severity', CASES)
def test_strided_input_matches_too(outputs, name, severity):
    padded = np.zeros((64, 128, 3), np.uint8)
    strided = padded[:, ::2]
    strided[:] = IMAGES['scene']
    difference = (run(strided, name, severity).astype(int)
                  - outputs[f'{name}/scene'][severity - 1])
    assert np.abs(difference).max() <= 1
