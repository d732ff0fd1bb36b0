import pytest
import torch

from uar_mmpretrain.models.backbones.dinov2_weights import fit_weights


@pytest.fixture
def model(reference, official):
    """The state dict of a model the tiny weights fit."""
    return reference.mmpretrain(official)


def test_report_of_official_weights(official, model):
    _, report = fit_weights(official, model, (5, 5))
    assert report.layout == 'official'
    assert report.used == len(model)
    assert report.missing == report.unexpected == ()
    assert report.mask_token and report.resized is None
    assert report.complete and not report.untouched
    text = str(report)
    assert f'{len(model)} keys used, 0 missing, 0 unexpected' in text
    assert 'mask_token not used (as expected' in text
    assert 'resized' not in text


def test_own_weights_come_back_untouched(model):
    weights, report = fit_weights(model, model, (5, 5))
    assert weights.keys() == model.keys()
    assert all(weights[name] is model[name] for name in model)
    assert report.untouched and report.complete


def test_part_of_the_own_weights_is_no_error(model):
    part = {'ln1.weight': model['ln1.weight']}
    weights, report = fit_weights(part, model, (5, 5))
    assert weights == part
    assert report.used == 1 and len(report.missing) == len(model) - 1


def test_missing_and_unexpected(official, model):
    found = {**official, 'blocks.1.extra': torch.zeros(1)}
    del found['norm.bias']
    weights, report = fit_weights(found, model, (5, 5))
    assert report.missing == ('ln1.bias', )
    assert report.unexpected == ('blocks.1.extra', )
    assert not report.complete
    assert 'blocks.1.extra' in weights
    assert '1 missing (ln1.bias), 1 unexpected (blocks.1.extra)' in str(report)


def test_position_embedding_is_resized(reference, official, model):
    model['pos_embed'] = torch.zeros(1, 1 + 8 * 3, 32)
    weights, report = fit_weights(official, model, (8, 3))
    assert report.resized == ((5, 5), (8, 3))
    assert 'resized from 5x5 to 8x3 patches' in str(report)
    torch.testing.assert_close(
        weights['pos_embed'],
        reference.position(official['pos_embed'], 8, 3),
        atol=1e-6,
        rtol=0)


def test_equal_count_but_other_grid(reference):
    """4x4 and 2x8 have as many patches; foreign files are always square."""
    official = reference.make(side=4)
    model = reference.mmpretrain(official)
    weights, report = fit_weights(official, model, (2, 8))
    assert report.resized == ((4, 4), (2, 8))
    assert not torch.equal(weights['pos_embed'], official['pos_embed'])
    weights, report = fit_weights(model, model, (2, 8))
    assert report.resized is None
    assert weights['pos_embed'] is model['pos_embed']


def test_half_precision_files_are_resized_in_float32(reference, official,
                                                     model):
    model['pos_embed'] = torch.zeros(1, 1 + 64, 32)
    half = {name: weight.half() for name, weight in official.items()}
    weights, _ = fit_weights(half, model, (8, 8))
    expected = reference.position(half['pos_embed'].float(), 8, 8)
    torch.testing.assert_close(
        weights['pos_embed'], expected, atol=1e-6, rtol=0)


def test_grid_that_cannot_be_known(official, model):
    found = {**official, 'pos_embed': torch.zeros(1, 1 + 24, 32)}
    with pytest.raises(ValueError, match='24 patches .* no square'):
        fit_weights(found, model, (5, 5))


@pytest.mark.parametrize(('change', 'theirs', 'ours'), [
    (dict(dims=64), 'embed_dims 64', 'embed_dims 32'),
    (dict(depth=2), '2 layers', '3 layers'),
    (dict(patch=14), '3x14x14 patches', '3x7x7 patches'),
    (dict(hidden=64), 'MLP feed-forward 64 wide', 'MLP feed-forward 128'),
    (dict(swiglu=True), 'SwiGLU feed-forward 128 wide', 'MLP feed-forward'),
])
def test_weights_of_another_size(reference, model, layout, change, theirs,
                                 ours):
    found = layout(reference.make(**change))
    with pytest.raises(ValueError, match=f'{theirs}.* the model has .*{ours}'):
        fit_weights(found, model, (5, 5))


def test_plain_vit_without_layer_scale(official, model):
    found = {
        name: weight
        for name, weight in official.items() if 'gamma' not in name
    }
    with pytest.raises(ValueError, match='no layer scale, the model has'):
        fit_weights(found, model, (5, 5))


@pytest.mark.parametrize(
    'name',
    ['register_tokens', 'embeddings.register_tokens', 'backbone.reg_token'])
def test_registers_are_refused(official, model, name):
    found = {**official, name: torch.zeros(1, 4, 32)}
    with pytest.raises(ValueError, match='register tokens are not supported'):
        fit_weights(found, model, (5, 5))


@pytest.mark.parametrize('found', [
    {},
    {
        'conv1.weight': torch.zeros(1)
    },
    {
        'cls_token': torch.zeros(1, 1, 32),
        'fc.weight': torch.zeros(1)
    },
    {
        'model': {},
        'optimizer': {}
    },
])
def test_other_files_are_not_recognised(model, found):
    example = next(iter(found), 'nothing')
    with pytest.raises(
            ValueError,
            match=rf'no DINOv2 weights recognised: {len(found)} .*{example}'):
        fit_weights(found, model, (5, 5))
