"""Random geometry of a batch."""

import numpy as np
import pytest
import torch

from uar_mmpretrain.models import BatchRandomAffine  # isort: skip
from mmpretrain.models import ClsDataPreprocessor
from mmpretrain.registry import BATCH_AUGMENTS
from mmpretrain.structures import DataSample
from PIL import Image

SCORES = torch.eye(4)


def images(seed=0, size=16, channels=1):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(4, channels, size, size, generator=generator)


def test_does_nothing_when_told_so():
    x = images()
    out, scores = BatchRandomAffine(flip=0)(x, SCORES)
    assert torch.allclose(out, x, atol=1e-5)
    assert torch.equal(scores, SCORES)


def test_flips_left_and_right():
    x = images()
    out, _ = BatchRandomAffine(flip=1)(x, SCORES)
    assert torch.allclose(out, x.flip(-1), atol=1e-5)


def test_about_half_of_the_images_are_flipped():
    torch.manual_seed(0)
    x = images()[:1].expand(400, -1, -1, -1)
    out, _ = BatchRandomAffine(flip=0.5)(x, SCORES)
    flipped = torch.isclose(out, x.flip(-1), atol=1e-4).all((1, 2, 3))
    assert 150 < int(flipped.sum()) < 250


def test_shifts_by_whole_pixels_as_slicing_does(monkeypatch):
    x = images()
    monkeypatch.setattr(torch, 'rand', lambda n: torch.ones(n))
    # A share of 2 / 16 is two pixels, here along both axes.
    out, _ = BatchRandomAffine(flip=0, translate=2 / 16)(x, SCORES)
    assert torch.allclose(out[..., :-2, :-2], x[..., 2:, 2:], atol=1e-5)
    assert torch.equal(out[..., -2:, :], torch.zeros(4, 1, 2, 16))


def test_rotates_by_a_right_angle(monkeypatch):
    x = images()
    monkeypatch.setattr(torch, 'rand', lambda n: torch.ones(n))
    out, _ = BatchRandomAffine(flip=0, degrees=90)(x, SCORES)
    assert torch.allclose(out, torch.rot90(x, 1, (-2, -1)), atol=1e-4)


def test_twice_as_large_shows_the_middle():
    x = torch.zeros(4, 1, 16, 16)
    x[..., 4:12, 4:12] = 1
    out, _ = BatchRandomAffine(flip=0, scale=(2, 2))(x, SCORES)
    assert torch.equal(out[..., 1:-1, 1:-1], torch.ones(4, 1, 14, 14))


def test_another_size_resamples_as_pillow_does():
    x = images(size=32)
    out, _ = BatchRandomAffine(flip=0, size=16)(x, SCORES)
    assert out.shape == (4, 1, 16, 16)
    # Exactly half the side: bilinear sampling averages four neighbours.
    expected = np.asarray(
        Image.fromarray(x[0, 0].numpy()).reduce(2), dtype=np.float32)
    assert np.allclose(out[0, 0], expected, atol=1e-5)


def test_images_of_a_batch_differ_and_seeds_repeat():
    augment = BatchRandomAffine(degrees=12, translate=.08, scale=(.85, 1.15))
    x = images()[:1].expand(4, -1, -1, -1)
    torch.manual_seed(1)
    first, _ = augment(x, SCORES)
    torch.manual_seed(1)
    again, _ = augment(x, SCORES)
    assert torch.equal(first, again)
    assert not torch.allclose(first[0], first[1], atol=1e-2)


@pytest.mark.parametrize('bad', [
    dict(flip=1.5), dict(degrees=-1), dict(translate=-.1),
    dict(scale=(1.2, 0.8)), dict(scale=(0, 1))])
def test_refuses_what_is_out_of_range(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        BatchRandomAffine(**bad)


def test_runs_in_the_preprocessor_in_training_only():
    preprocessor = ClsDataPreprocessor(
        mean=[0.] * 3, std=[1.] * 3, num_classes=4,
        batch_augments=dict(augments=dict(type='BatchRandomAffine',
                                          flip=1, size=8)))
    samples = [DataSample().set_gt_score(row) for row in SCORES]
    data = dict(inputs=images(channels=3), data_samples=samples)
    out = preprocessor(data, training=True)
    assert out['inputs'].shape == (4, 3, 8, 8)
    assert torch.equal(
        torch.stack([s.gt_score for s in out['data_samples']]), SCORES)
    assert preprocessor(data)['inputs'].shape == (4, 3, 16, 16)


def test_is_registered():
    assert BATCH_AUGMENTS.get('BatchRandomAffine') is BatchRandomAffine
