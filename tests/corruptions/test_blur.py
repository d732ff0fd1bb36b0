import numpy as np
import pytest
from scipy import ndimage

from uar_mmpretrain.corruptions import corrupt, get
from uar_mmpretrain.corruptions.blur import defocus_kernel
from uar_mmpretrain.corruptions.severities import constants

SETS = ('imagenet', 'imagenet299', 'tiny', 'cifar')
CASES = [(p, s) for p in SETS for s in range(1, 6)]


def kernel_by_definition(radius, sigma):
    """Float64: disk on a grid, blurred with its own mirrored border."""
    reach = 8 if radius <= 8 else radius
    half = 1 if radius <= 8 else 2
    offsets = np.arange(-reach, reach + 1)
    disk = np.array([[float(i * i + j * j <= radius**2) for j in offsets]
                     for i in offsets])
    disk /= disk.sum()
    weights = np.exp(-np.arange(-half, half + 1)**2 / (2 * sigma**2))
    weights /= weights.sum()
    for axis in (0, 1):
        disk = ndimage.correlate1d(disk, weights, axis=axis, mode='mirror')
    return disk


def padded(kernel, side):
    margin = (side - len(kernel)) // 2
    return np.pad(kernel.astype(float), margin)


@pytest.mark.parametrize('params, severity', CASES)
def test_kernel_follows_the_definition(params, severity):
    values = constants('defocus_blur', severity, params, ())
    expected = kernel_by_definition(*values)
    kernel = padded(defocus_kernel(*values), len(expected))
    np.testing.assert_allclose(kernel, expected, atol=1e-7)


def test_kernel_does_not_sum_to_one_where_the_disk_is_mirrored_back():
    sums = [
        defocus_kernel(*constants('defocus_blur', s, 'imagenet', ())).sum()
        for s in range(1, 6)
    ]
    assert sums == pytest.approx([1, 1, 1, 1.0130, 1.0108], abs=5e-5)


@pytest.mark.parametrize('params, severity', CASES)
def test_matches_the_float64_sum(small_photo, params, severity):
    values = constants('defocus_blur', severity, params, ())
    kernel = defocus_kernel(*values).astype(float)
    exact = np.stack([
        ndimage.correlate(small_photo[..., c].astype(float), kernel,
                          mode='mirror') for c in range(3)
    ], -1)
    exact = np.clip(exact, 0, 255)
    result = corrupt(small_photo, 'defocus_blur', severity, params=params)
    # Either side of an integer is right where the sum is one to 2e-3.
    assert (np.floor(np.maximum(exact - 2e-3, 0)) <= result).all()
    assert (result <= np.floor(exact + 2e-3)).all()
    assert (result != exact.astype(np.uint8)).mean() < 5e-4


@pytest.mark.parametrize('level', [0, 1, 127, 254, 255])
@pytest.mark.parametrize('params, severity', CASES)
def test_flat_image_lands_where_the_kernel_total_says(params, severity, level):
    """A total just below 1 costs one level, as in the reference."""
    values = constants('defocus_blur', severity, params, ())
    total = defocus_kernel(*values).astype(np.float64).sum()
    expected = int(min(level * total, 255))
    flat = np.full((20, 24, 3), level, np.uint8)
    result = corrupt(flat, 'defocus_blur', severity, params=params)
    assert (result == expected).all()


def test_border_is_mirrored_without_repeating_the_edge():
    image = np.zeros((16, 16, 3), np.uint8)
    image[:, 1] = 200
    # Disk of radius 1: five equal weights. Column 0 sees column 1 twice.
    result = get('defocus_blur').apply(image, (1, 0.1), None)
    assert (result[:, 0] == 80).all()
    assert (result[:, 2] == 40).all()


def test_image_smaller_than_the_kernel(small_photo):
    image = small_photo[:8, :9]
    kernel = kernel_by_definition(10, 0.5)
    exact = np.stack([
        ndimage.correlate(image[..., c].astype(float), kernel, mode='mirror')
        for c in range(3)
    ], -1)
    result = corrupt(image, 'defocus_blur', 5)
    assert np.abs(result - np.floor(np.clip(exact, 0, 255))).max() <= 1
