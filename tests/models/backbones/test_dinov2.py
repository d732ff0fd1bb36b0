import copy
import logging

import pytest
import torch
from mmengine.config import ConfigDict
from mmengine.model.weight_init import PretrainedInit
from mmengine.runner import load_checkpoint
from mmpretrain.engine import LearningRateDecayOptimWrapperConstructor
from mmpretrain.registry import MODELS
from torch import nn

from uar_mmpretrain.models.backbones import DINOv2, dinov2

TINY = dict(
    embed_dims=32, num_layers=3, num_heads=4, feedforward_channels=128)


def tiny(**kwargs):
    """The model that the tiny weights fit."""
    settings = dict(
        type='DINOv2', arch=TINY, img_size=35, patch_size=7, out_type='raw')
    return MODELS.build({**settings, **kwargs})


def pretrained(file):
    return dict(type='Pretrained', checkpoint=str(file))


def images(height, width, count=2):
    return torch.randn(
        count, 3, height, width, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def assert_features(reference):
    """Compare a model with the official forward pass on the same weights."""

    def compare(model, weights, x, heads=4):
        model.eval()
        with torch.no_grad():
            actual = model(x)[-1]
        expected = reference.features(weights, x, heads)
        assert expected.abs().max() > 1
        torch.testing.assert_close(actual, expected, atol=1e-5, rtol=0)

    return compare


@pytest.fixture
def logged(monkeypatch):
    """What the backbone logs: (text, level) each."""
    lines = []
    monkeypatch.setattr(
        dinov2, 'print_log', lambda text, logger, level: lines.append(
            (text, level)))
    return lines


@pytest.fixture
def file(tmp_path, official):
    path = tmp_path / 'dinov2_tiny_pretrain.pth'
    torch.save(official, path)
    return path


# Equality with the official implementation.


@pytest.mark.parametrize(
    'size', [(35, 35), (56, 56), (28, 49)],
    ids=['native', 'interpolated', 'not square'])
def test_features_equal_the_official(official, layout, size, assert_features):
    model = tiny()
    model.load_state_dict(layout(official), strict=True)
    assert_features(model, official, images(*size))


@pytest.mark.parametrize('size', [(56, 56), (28, 49)])
def test_resized_when_loaded(official, layout, size, assert_features):
    model = tiny(img_size=size)
    model.load_state_dict(layout(official))
    assert_features(model, official, images(*size))


def test_resized_to_a_grid_of_equal_count(reference, assert_features):
    official = reference.make(side=4)
    model = tiny(img_size=(14, 56))
    model.load_state_dict(official)
    assert_features(model, official, images(14, 56))


def test_vit_small_shapes_from_518_to_224(reference, assert_features):
    official = reference.make(384, 2, 1536, patch=14, side=37)
    arch = dict(
        embed_dims=384,
        num_layers=2,
        num_heads=6,
        feedforward_channels=1536)
    model = DINOv2(arch, img_size=224, out_type='raw')
    model.load_state_dict(official)
    assert_features(model, official, images(224, 224, count=1), heads=6)


def test_swiglu_equals_the_official(reference, assert_features):
    # The host takes two thirds of 192, as the official code does.
    official = reference.make(swiglu=True)
    model = tiny(
        arch={
            **TINY, 'feedforward_channels': 192
        }, layer_cfgs=dict(ffn_type='swiglu_fused'))
    model.load_state_dict(official)
    assert_features(model, official, images(42, 42))


def test_norms_and_activations_are_the_official():
    """Where a wrong setting would hide below the tolerance."""
    modules = list(tiny().modules())
    assert {norm.eps
            for norm in modules if isinstance(norm, nn.LayerNorm)} == {1e-6}
    assert {act.approximate
            for act in modules if isinstance(act, nn.GELU)} == {'none'}


def test_out_types(reference, official):
    x = images(28, 49)
    tokens = reference.features(official, x, heads=4)
    outs = {}
    for out_type in ('cls_token', 'featmap'):
        model = tiny(out_type=out_type)
        model.load_state_dict(official)
        model.eval()
        outs[out_type] = model(x)[-1]
    torch.testing.assert_close(
        outs['cls_token'], tokens[:, 0], atol=1e-5, rtol=0)
    featmap = tokens[:, 1:].reshape(2, 4, 7, 32).permute(0, 3, 1, 2)
    torch.testing.assert_close(outs['featmap'], featmap, atol=1e-5, rtol=0)


def test_out_indices():
    model = tiny(out_indices=[0, 2])
    outs = model(images(35, 35))
    assert [tuple(out.shape) for out in outs] == [(2, 26, 32)] * 2


# Loading through mmengine.


def test_init_cfg_loads_and_reports_once(official, file, logged,
                                         assert_features):
    model = tiny(img_size=56, init_cfg=pretrained(file))
    model.init_weights()
    assert_features(model, official, images(56, 56))
    (text, level), = logged
    assert 'layout official, 48 keys used, 0 missing, 0 unexpected' in text
    assert 'resized from 5x5 to 8x8' in text
    assert level == logging.INFO


@pytest.mark.parametrize('kind', [
    lambda file: [pretrained(file)],
    lambda file: [dict(type='Xavier', layer='Linear'),
                  pretrained(file)],
    lambda file: dict(type=PretrainedInit, checkpoint=str(file)),
    lambda file: ConfigDict(pretrained(file)),
], ids=['list', 'list of two', 'class', 'ConfigDict'])
def test_every_kind_of_init_cfg(official, file, kind, assert_features):
    """mmpretrain's own ViT draws pos_embed anew for the first three."""
    model = tiny(init_cfg=kind(file))
    model.init_weights()
    assert_features(model, official, images(35, 35))


def test_init_in_a_classifier(official, file, assert_features):
    classifier = MODELS.build(
        dict(
            type='ImageClassifier',
            backbone=dict(
                type='DINOv2',
                arch=TINY,
                img_size=35,
                patch_size=7,
                init_cfg=pretrained(file)),
            head=dict(type='LinearClsHead', num_classes=7, in_channels=32)))
    classifier.init_weights()
    x = images(35, 35)
    backbone = classifier.backbone
    assert torch.equal(classifier.extract_feat(x)[-1], backbone(x)[-1])
    backbone.out_type = 'raw'
    assert_features(backbone, official, x)


def test_classifier_checkpoint_as_pretrained_file(reference, official,
                                                  tmp_path, logged,
                                                  assert_features):
    weights = reference.mmpretrain(official, 'backbone.')
    weights['head.fc.weight'] = torch.zeros(7, 32)
    path = tmp_path / 'epoch_9.pth'
    torch.save({'meta': {}, 'state_dict': weights}, path)
    model = tiny(init_cfg=pretrained(path))
    model.init_weights()
    assert_features(model, official, images(35, 35))
    assert '1 beside the backbone left out' in logged[0][0]
    model = tiny(init_cfg=dict(pretrained(path), prefix='backbone.'))
    model.init_weights()
    assert_features(model, official, images(35, 35))


def test_random_initialisation_draws_the_position_embedding():
    model = tiny()
    model.init_weights()
    assert model.pos_embed.std().item() == pytest.approx(0.02, rel=0.1)
    before = model.pos_embed.clone()
    model.init_weights()
    assert torch.equal(model.pos_embed, before)


class Ensemble(nn.Module):

    def __init__(self):
        super().__init__()
        self.members = nn.ModuleList(nn.Module() for _ in range(3))
        for member in self.members:
            member.backbone = tiny()
            member.backbone.init_weights()


def test_own_checkpoint_of_an_ensemble_is_untouched(logged):
    trained, other = Ensemble(), Ensemble()
    other.load_state_dict(trained.state_dict(), strict=True)
    for name, weight in trained.state_dict().items():
        assert torch.equal(other.state_dict()[name], weight), name
    assert logged == []


def test_each_member_converts_its_own(official, layout, logged,
                                      assert_features):
    ensemble = Ensemble()
    before = copy.deepcopy(ensemble.state_dict())
    weights = {
        f'members.2.backbone.{name}': weight
        for name, weight in layout(official).items()
    }
    ensemble.load_state_dict(weights, strict=False)
    assert_features(ensemble.members[2].backbone, official, images(35, 35))
    for name, weight in ensemble.state_dict().items():
        if not name.startswith('members.2.'):
            assert torch.equal(weight, before[name]), name


def test_a_copy_converts_for_itself(official, assert_features):
    model = tiny(img_size=56)
    twin = copy.deepcopy(model)
    twin.load_state_dict(official)
    assert_features(twin, official, images(56, 56))
    assert not model.pos_embed.any()


def test_strict_loading_stays_strict(official):
    with pytest.raises(RuntimeError, match='blocks.0.extra'):
        tiny().load_state_dict({**official, 'blocks.0.extra': torch.ones(1)})
    del official['norm.bias']
    with pytest.raises(RuntimeError, match='ln1.bias'):
        tiny().load_state_dict(official)


def test_missing_keys_are_a_warning(official, file, logged):
    del official['norm.bias']
    torch.save(official, file)
    load_checkpoint(tiny(), str(file))
    (text, level), = logged
    assert '1 missing (ln1.bias)' in text and level == logging.WARNING


def test_misfit_names_the_file(reference, file):
    torch.save(reference.make(dims=64), file)
    model = tiny(init_cfg=pretrained(file))
    with pytest.raises(ValueError, match=f'{file.name}.*embed_dims 64.*dims'):
        model.init_weights()


@pytest.mark.parametrize('content', [{}, {'conv1.weight': torch.zeros(1)}])
def test_unrecognised_file_is_named(file, content):
    torch.save(content, file)
    model = tiny(init_cfg=[pretrained(file)])
    with pytest.raises(ValueError, match=f'{file.name}.*no DINOv2 weights'):
        model.init_weights()


def test_misfit_in_an_ensemble():
    weights = {'members.1.backbone.conv1.weight': torch.zeros(1)}
    with pytest.raises(ValueError, match='no DINOv2 weights recognised'):
        Ensemble().load_state_dict(weights, strict=False)


# Construction and training.


@pytest.mark.parametrize(('arch', 'settings'), [
    ('small', (384, 12, 6, 1536)),
    ('base', (768, 12, 12, 3072)),
    ('large', (1024, 24, 16, 4096)),
    ('giant', (1536, 40, 24, 6144)),
    ('dinov2-small', (384, 12, 6, 1536)),
])
def test_archs(arch, settings):
    with torch.device('meta'):
        model = DINOv2(arch)
    keys = ('embed_dims', 'num_layers', 'num_heads', 'feedforward_channels')
    assert tuple(model.arch_settings[key] for key in keys) == settings
    assert model.patch_resolution == (16, 16)
    swiglu = hasattr(model.layers[0].ffn, 'w12')
    assert swiglu == (arch == 'giant')
    if swiglu:
        assert model.layers[0].ffn.w3.in_features == 4096
    gamma = model.layers[0].attn.gamma1
    assert gamma.weight.shape == (settings[0], )


def test_layer_scale_starts_small():
    gammas = [
        weight for name, weight in tiny().named_parameters()
        if 'gamma' in name
    ]
    assert len(gammas) == 6
    assert all((weight == 1e-5).all() for weight in gammas)


@pytest.mark.parametrize(('arch', 'message'), [
    ('tiny', "arch 'tiny' is not known; expected one of small, base"),
    (dict(embed_dims=32, num_heads=4), 'lacks num_layers, feedforward_ch'),
    (dict(TINY, num_heads=5), 'embed_dims 32 is not a multiple of num_heads'),
])
def test_wrong_arch(arch, message):
    with pytest.raises(ValueError, match=message):
        DINOv2(arch)


@pytest.mark.parametrize(('size', 'message'), [
    (225, 'height 225 .* patch_size 14; .* sides are 224 and 238'),
    ((224, 100), 'width 100 .* sides are 98 and 112'),
    (10, 'height 10 .* sides are 14$'),
    (0, 'height 0 .* sides are 14$'),
])
def test_img_size_that_does_not_divide(size, message):
    with pytest.raises(ValueError, match='img_size: ' + message):
        DINOv2(TINY, img_size=size)


def test_input_that_does_not_divide():
    with pytest.raises(ValueError, match='input: width 36 .* are 35 and 42'):
        tiny()(images(35, 36))


def test_gradient_reaches_every_parameter(official):
    model = tiny()
    model.load_state_dict(official)
    model(images(42, 42))[-1].square().sum().backward()
    for name, weight in model.named_parameters():
        assert weight.grad is not None and weight.grad.any(), name


def test_frozen_stages():
    model = tiny(frozen_stages=1)
    trained = {
        name.split('.')[0] + '.' + name.split('.')[1]
        for name, weight in model.named_parameters() if weight.requires_grad
    }
    assert trained == {'layers.1', 'layers.2', 'ln1.weight', 'ln1.bias'}


def test_layer_wise_learning_rate_decay():
    classifier = MODELS.build(
        dict(
            type='ImageClassifier',
            backbone=dict(
                type='DINOv2', arch=TINY, img_size=35, patch_size=7),
            head=dict(type='LinearClsHead', num_classes=7, in_channels=32)))
    construct = LearningRateDecayOptimWrapperConstructor(
        dict(optimizer=dict(type='AdamW', lr=1.0, weight_decay=0.05)),
        dict(layer_decay_rate=0.5))
    rates = {
        group['param_name'].removeprefix('backbone.'): group['lr']
        for group in construct(classifier).optimizer.param_groups
    }
    assert len(rates) == len(list(classifier.parameters()))
    # The stem, three layers, then the final norm and the head.
    for name in ('cls_token', 'pos_embed', 'patch_embed.projection.weight'):
        assert rates[name] == 0.5**4
    for layer in range(3):
        assert rates[f'layers.{layer}.attn.gamma1.weight'] == 0.5**(3 - layer)
    assert rates['ln1.weight'] == rates['head.fc.weight'] == 1
