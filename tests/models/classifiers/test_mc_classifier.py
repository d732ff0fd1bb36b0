"""One network, S stochastic passes."""

import copy

import pytest
import torch
from mmcv.cnn import fuse_conv_bn
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample
from torch import nn

from uar_mmpretrain.models import EnsembleClassifier, MCClassifier
from uar_mmpretrain.models.stochastic import (
    DropConnectLinear,
    fixed_masks,
    stochastic_layers,
    switched_off,
)

IMAGES = torch.randn(4, 3, 14, 14, generator=torch.Generator().manual_seed(7))
HEAD = dict(type='Dropout', p=.3, modules='head.fcs.0')
# (network, stochastic layers, a layer inside of what needs to run only once)
CASES = {
    'head of a resnet': ('resnet', [HEAD], 'backbone.layer4.1.conv2'),
    'last residual block': ('resnet', [
        HEAD, dict(type='Dropout', p=.3, modules='backbone.layer4.1.conv.')],
        'backbone.layer4.0.conv2'),
    'weights of both': ('resnet', [
        dict(type='DropConnect', p=.3,
             modules=['head.fcs.0', 'backbone.layer4.1.conv1'])],
        'backbone.layer3.1.conv2'),
    'dropout layers of a transformer': ('dinov2', [
        dict(type='Dropout', p=.3,
             modules='backbone.layers.1.ffn.layers.(0.2|2)')],
        'backbone.layers.0.ffn.layers.1'),
    'weights of a transformer': ('dinov2', [
        dict(type='DropConnect', p=.3,
             modules=['backbone.layers.1.ffn.layers.(0.0|1)', 'head.fcs.0'])],
        'backbone.layers.1.attn.qkv'),
}


def build(config, rules=(HEAD, ), **kwargs):
    """A network in test mode, its batch norms and weights in use."""
    torch.manual_seed(3)
    model = MODELS.build(dict(config, type='MCClassifier',
                              stochastic_layers=rules,
                              **dict(dict(num_passes=4), **kwargs)))
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.3)
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(std=0.3)
            module.running_var.uniform_(0.5, 2.)
    return model.eval()


@pytest.fixture(params=CASES)
def case(request, member):
    network, rules, prefix = CASES[request.param]
    config = member[network]()
    if network == 'dinov2':
        config['backbone']['drop_path_rate'] = .9
    return config, rules, prefix


def plain(config, model):
    """The ``ImageClassifier`` of the same config and weights."""
    network = MODELS.build(copy.deepcopy(config)).eval()
    network.load_state_dict(model.state_dict())
    return network


def samples(n=4, classes=3):
    scores = torch.rand(n, classes, generator=torch.Generator().manual_seed(1))
    return [DataSample().set_gt_score(s / s.sum()) for s in scores]


@torch.no_grad()
def test_passes_from_the_cache_are_the_passes(case):
    config, rules, prefix = case
    model = build(config, rules)
    runs = []
    model.get_submodule(prefix).register_forward_hook(
        lambda *args: runs.append(args))
    found = model(IMAGES)
    assert len(runs) == 1
    for s in range(4):
        with fixed_masks(model, 0, s):
            expected = model.head(model.extract_feat(IMAGES))[:, 0]
        torch.testing.assert_close(found[:, s], expected, rtol=0, atol=1e-6)
    # Every image sees every pass differently.
    assert found.std(1).min() > 1e-4


@torch.no_grad()
def test_predictions_are_repeated_whatever_the_seed_mode_and_batch(case):
    config, rules, _ = case
    model = build(config, rules)
    expected = model(IMAGES)
    torch.manual_seed(99)
    assert torch.equal(model(IMAGES), expected)
    # Drop-path and batch statistics stay off.
    weights = copy.deepcopy(model.state_dict())
    assert torch.equal(model.train()(IMAGES), expected)
    assert all(module.training for module in model.modules())
    for name, value in model.state_dict().items():
        assert torch.equal(value, weights[name]), name
    alone = torch.cat([model(one[None]) for one in IMAGES.flip(0)]).flip(0)
    torch.testing.assert_close(alone, expected, rtol=0, atol=1e-5)
    more = build(config, rules, num_passes=6)(IMAGES)
    torch.testing.assert_close(more[:, :4], expected, rtol=0, atol=1e-6)
    other = build(config, rules, seed=1)(IMAGES)
    assert (other - expected).abs().amax((0, 2)).min() > 1e-3


@torch.no_grad()
def test_one_pass_or_no_masks_is_the_plain_network(case):
    config, rules, _ = case
    model = build(config, rules, num_passes=1)
    expected = plain(config, model)(IMAGES)
    assert torch.equal(model(IMAGES), expected)
    [sample, *_] = model.predict(IMAGES)
    assert sample.member_scores.shape == (1, 3)
    assert 'aleatoric' in sample and 'epistemic' not in sample
    model.num_passes = 3
    with switched_off(model):
        assert torch.equal(model(IMAGES), expected.expand(-1, 3, -1))
    assert not torch.equal(model(IMAGES), expected.expand(-1, 3, -1))


@torch.no_grad()
def test_nothing_dropped_has_no_epistemic_part(member):
    for kind in ('Dropout', 'DropConnect'):
        model = build(member['resnet'](), [dict(HEAD, type=kind, p=0.)])
        for sample in model.predict(IMAGES):
            assert torch.equal(sample.member_scores,
                               sample.member_scores[:1].expand(4, 3))
            assert sample.epistemic == pytest.approx(0, abs=1e-6)


@torch.no_grad()
def test_mutual_information_grows_with_the_rate(member):
    for kind in ('Dropout', 'DropConnect'):
        model = build(member['resnet'](), [dict(HEAD, type=kind)],
                      num_passes=100)
        [layer] = stochastic_layers(model).values()
        means = []
        for layer.p in (0., .1, .3, .5):
            out = model.predict(IMAGES)
            means.append(sum(sample.epistemic for sample in out) / 4)
        assert all(b > a + 1e-3 for a, b in zip(means, means[1:]))


def test_predictions_carry_the_decomposition(member):
    model = build(member['resnet'](), kind='variance')
    given = samples()
    out = model(IMAGES, given, mode='predict')
    scores = model(IMAGES).detach().softmax(-1)
    for i, sample in enumerate(out):
        assert sample is given[i]
        torch.testing.assert_close(sample.member_scores.detach(), scores[i])
        mean = scores[i].mean(0)
        torch.testing.assert_close(sample.pred_score.detach(), mean)
        assert sample.total == pytest.approx((mean * (1 - mean)).sum().item(),
                                             abs=1e-6)
        assert sample.epistemic == pytest.approx(
            scores[i].var(0, unbiased=False).sum().item(), abs=1e-6)


def test_training_draws_masks_and_learns(member):
    model = build(member['dinov2'](),
                  CASES['weights of a transformer'][1]).train()

    def loss():
        return model(IMAGES, samples(), mode='loss')['loss']

    torch.manual_seed(0)
    first = loss()
    assert loss() != first
    torch.manual_seed(0)
    assert loss() == first
    with switched_off(model):
        assert loss() == plain(member['dinov2'](), model).train()(
            IMAGES, samples(), mode='loss')['loss']
    first.backward()
    gradient = model.head.fcs[0].weight.grad
    # Dropped weights have none.
    assert .1 < (gradient == 0).float().mean() < .5


def test_checkpoints_of_plain_and_stochastic_networks_are_one(case):
    config, rules, _ = case
    model = build(config, rules)
    network = plain(config, model)
    assert list(model.state_dict()) == list(network.state_dict())
    other = MODELS.build(dict(config, type='MCClassifier', num_passes=4,
                              stochastic_layers=rules)).eval()
    other.load_state_dict(network.state_dict())
    with torch.no_grad():
        assert torch.equal(other(IMAGES), model(IMAGES))


def test_initial_weights_are_those_of_the_plain_network(member):
    config = member['resnet']()
    rules = [dict(HEAD, type='DropConnect'),
             dict(type='Dropout', p=.1, modules='backbone.layer4.1.conv1')]
    states = []
    for kind in (dict(), dict(type='MCClassifier', stochastic_layers=rules)):
        torch.manual_seed(0)
        model = MODELS.build({**copy.deepcopy(config), **kind})
        model.init_weights()
        states.append(model.state_dict())
    # initialisers choose layers by the name of their class
    assert isinstance(model.head.fcs[0], DropConnectLinear)
    assert model.head.fcs[0].weight.std() < .02
    for name, value in states[0].items():
        assert torch.equal(value, states[1][name]), name


@torch.no_grad()
def test_heads_of_other_kinds(member):
    rules = [dict(HEAD, modules='head.fc')]
    assert build(member['linear'](), rules)(IMAGES).shape == (4, 4, 3)
    # Passes of a head with two members: all of the first pass, then ...
    double = build(member['double'](), [dict(HEAD, modules='head.fcs.1')])
    logits = double(IMAGES).unflatten(1, (4, 2))
    assert torch.equal(logits[:, :, 0], logits[:, :1, 0].expand(-1, 4, -1))
    assert logits[:, :, 1].std(1).min() > 1e-4


@torch.no_grad()
def test_an_ensemble_of_stochastic_networks(member):
    config = dict(member['resnet'](), type='MCClassifier', num_passes=3,
                  stochastic_layers=[HEAD])
    torch.manual_seed(0)
    model = EnsembleClassifier([config, config])
    model.init_weights()
    model.eval()
    logits = model(IMAGES)
    assert logits.shape == (4, 6, 3)
    assert torch.equal(logits, torch.cat(
        [m(IMAGES) for m in model.members], dim=1))
    assert all(isinstance(m, MCClassifier) for m in model.members)


@torch.no_grad()
def test_folding_batch_norm_into_a_stochastic_convolution(member):
    for kind in ('Dropout', 'DropConnect'):
        model = build(member['resnet'](), [
            dict(type=kind, p=.3, modules='backbone.layer4.1.conv.')])
        expected = model(IMAGES)
        fuse_conv_bn(model)
        assert isinstance(model.backbone.layer4[1].bn2, nn.Identity)
        torch.testing.assert_close(model(IMAGES), expected, rtol=0, atol=1e-4)


@torch.no_grad()
def test_views_are_averaged_pass_by_pass(member):
    config = dict(member['resnet'](), type='mmpretrain.MCClassifier',
                  num_passes=3, stochastic_layers=[HEAD])
    model = MODELS.build(dict(type='MemberScoreTTA', module=config)).eval()
    nn.init.normal_(model.module.head.fcs[0].weight)
    images = torch.randint(0, 256, (2, 3, 14, 14), dtype=torch.uint8)
    out = model.test_step(dict(inputs=[list(images), list(images.flip(-1))],
                               data_samples=[[DataSample() for _ in range(2)]
                                             for _ in range(2)]))
    # A mask is the same in both views.
    expected = sum(model.module(view.float()).softmax(-1)
                   for view in (images, images.flip(-1))) / 2
    found = torch.stack([sample.member_scores for sample in out])
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize('settings, message', [
    (dict(stochastic_layers=[]), 'stochastic_layers is empty'),
    (dict(num_passes=0), 'num_passes=0; expected at least 2'),
    (dict(stochastic_layers=[dict(HEAD, modules='head.fc')]),
     r"'head.fc' matches no layer.*head\.fcs\.\\d\+"),
])
def test_settings_that_make_no_sense(member, settings, message):
    config = dict(member['resnet'](), type='MCClassifier',
                  stochastic_layers=[HEAD])
    with pytest.raises(ValueError, match=message):
        MODELS.build(dict(config, **settings))


def test_depths_for_learning_rates_by_layer(member):
    config = member['dinov2']()
    model = build(config, CASES['weights of a transformer'][1])
    assert model.get_layer_depth('backbone.layers.1.ffn.layers.1.weight') == (
        2, 4)
