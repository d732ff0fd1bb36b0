import pytest
import torch

from uar_mmpretrain.corruptions import names
from uar_mmpretrain.corruptions.batched import batched_names, corrupt_batch
from uar_mmpretrain.corruptions.batched.registry import register

IDS = ['a', 'b', 'c']
ALL = names()


def test_codec_and_drops_are_left_to_numpy():
    assert set(ALL) - set(batched_names()) == {'jpeg_compression', 'spatter'}
    assert batched_names() == [n for n in ALL if n in batched_names()]


def test_known_value():
    black = torch.zeros((2, 3, 8, 8), dtype=torch.uint8)
    result = corrupt_batch(black, 'brightness', 2, ['a', 'b'])
    # black becomes the grey 0.2
    assert (result == 51).all()


@pytest.mark.parametrize('name', ALL)
def test_place_in_the_batch_does_not_matter(faces, name):
    whole = corrupt_batch(faces, name, 3, IDS)
    order = [2, 0, 1]
    shuffled = corrupt_batch(faces[order], name, 3, [IDS[i] for i in order])
    assert torch.equal(shuffled, whole[order])
    for i, image_id in enumerate(IDS):
        alone = corrupt_batch(faces[i:i + 1], name, 3, [image_id])
        assert torch.equal(alone[0], whole[i])


@pytest.mark.parametrize('name', ['gaussian_noise', 'glass_blur', 'fog'])
def test_ids_and_repeats_give_other_draws(faces, name):
    same = faces[:1].repeat(2, 1, 1, 1)
    equal = corrupt_batch(same, name, 3, ['a', 'a'])
    assert torch.equal(equal[0], equal[1])
    other = corrupt_batch(same, name, 3, ['a', 'b'])
    assert not torch.equal(other[0], other[1])
    again = corrupt_batch(same, name, 3, ['a', 'b'], repeat=1)
    assert not torch.equal(again, other)


@pytest.mark.parametrize('name', ['clean', *ALL])
def test_input_is_never_modified_nor_returned(faces, name):
    images = faces.clone()
    severity = 0 if name == 'clean' else 5
    result = corrupt_batch(images, name, severity, IDS)
    result.zero_()
    assert torch.equal(images, faces)


def test_clean_is_a_copy(faces):
    assert torch.equal(corrupt_batch(faces, 'clean', 0, IDS), faces)


@pytest.mark.parametrize('name', ALL)
def test_strided_images(faces, name):
    strided = faces.flip(0)[:, :, ::2, 1:].transpose(2, 3)
    last = strided.contiguous(memory_format=torch.channels_last)
    expected = corrupt_batch(strided.contiguous(), name, 3, IDS)
    assert torch.equal(corrupt_batch(strided, name, 3, IDS), expected)
    assert torch.equal(corrupt_batch(last, name, 3, IDS), expected)


@pytest.mark.parametrize('device', ['cpu', torch.device('cpu')])
def test_device(faces, device):
    result = corrupt_batch(faces, 'fog', 1, IDS, device=device)
    assert result.device.type == 'cpu'
    assert torch.equal(result, corrupt_batch(faces, 'fog', 1, IDS))


@pytest.mark.skipif(not torch.cuda.is_available(), reason='needs a GPU')
@pytest.mark.parametrize('name', ALL)
def test_gpu_equals_cpu(batch, name):
    for severity in (1, 3, 5):
        expected = corrupt_batch(batch, name, severity, IDS)
        result = corrupt_batch(batch, name, severity, IDS, device='cuda')
        assert result.device.type == 'cuda'
        difference = (result.cpu().int() - expected.int()).abs()
        assert difference.max() <= (0 if 'noise' in name else 1)
        assert (difference > 0).float().mean() <= 0.01


@pytest.mark.parametrize('images, error, message', [
    (torch.zeros(1, 3, 9, 9), TypeError, 'float32 tensor'),
    ([[0]], TypeError, 'found list'),
    (torch.zeros(3, 9, 9, dtype=torch.uint8), ValueError, r'\(3, 9, 9\)'),
    (torch.zeros(1, 9, 9, 3, dtype=torch.uint8), ValueError, 'B, 3, H, W'),
    (torch.zeros(0, 3, 9, 9, dtype=torch.uint8), ValueError, 'at least 1'),
    (torch.zeros(1, 3, 9, 7, dtype=torch.uint8), ValueError, 'at least 8'),
])
def test_bad_images(images, error, message):
    with pytest.raises(error, match=message):
        corrupt_batch(images, 'fog', 1, ['a'])


@pytest.mark.parametrize('ids, error, message', [
    ('abc', TypeError, 'found str'),
    (None, TypeError, 'found NoneType'),
    (['a', 'b', 3], TypeError, 'found 3'),
    (['a', 'b'], ValueError, '2 ids for 3 images'),
])
def test_bad_ids(faces, ids, error, message):
    with pytest.raises(error, match=message):
        corrupt_batch(faces, 'fog', 1, ids)


def test_bad_variant_and_options(faces):
    with pytest.raises(ValueError, match='unknown corruption'):
        corrupt_batch(faces, 'rain', 1, IDS)
    with pytest.raises(ValueError, match='1 to 5, found 6'):
        corrupt_batch(faces, 'fog', 6, IDS)
    with pytest.raises(ValueError, match='params must be one of'):
        corrupt_batch(faces, 'fog', 1, IDS, params='mnist')
    with pytest.raises(TypeError, match='repeat must be an integer'):
        corrupt_batch(faces, 'fog', 1, IDS, repeat='1')
    with pytest.raises(TypeError, match='gamma'):
        corrupt_batch(faces, 'fog', 1, IDS, gamma=2)


def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match='already'):
        register('fog')
    with pytest.raises(ValueError, match='unknown corruption'):
        register('rain')
