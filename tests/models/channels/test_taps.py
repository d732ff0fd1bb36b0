"""Layers of the members are recorded as they are, and no longer."""

import pytest
import torch
from mmengine.registry import DefaultScope
from mmpretrain.registry import MODELS
from torch import nn

from uar_mmpretrain.models.channels import FeatureTaps
from uar_mmpretrain.uncertainty.channels import feature_statistics

IMAGES = torch.randn(3, 3, 28, 28,
                     generator=torch.Generator().manual_seed(0))


class Member(nn.Module):
    """Two stages, the second of which works in place."""

    def __init__(self, width=4):
        super().__init__()
        self.backbone = nn.Sequential()
        self.backbone.add_module('layer1', nn.Conv2d(3, width, 3))
        self.backbone.add_module('layer2', nn.ReLU(inplace=True))

    def forward(self, images):
        return self.backbone(images).mean((2, 3))


def members(*widths):
    torch.manual_seed(0)
    return nn.ModuleList(Member(width) for width in widths)


def vit():
    """Two transformer layers on 2 x 2 patches and a class token."""
    arch = dict(embed_dims=12, num_layers=2, num_heads=2,
                feedforward_channels=16)
    config = dict(
        type='ImageClassifier',
        backbone=dict(type='DINOv2', arch=arch, img_size=14, patch_size=7,
                      layer_scale_init_value=0.5, out_type='raw'),
        head=dict(type='EnsembleClsHead', num_classes=3, in_channels=12))
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return nn.ModuleList([MODELS.build(config)]).eval()


@torch.no_grad()
def record(networks, layers, images=IMAGES):
    with FeatureTaps(networks, layers).record(images) as features:
        for network in networks:
            network(images)
    return features


def test_a_layer_of_each_member_before_anything_overwrites_it():
    networks = members(4, 6)
    found = record(networks, ['backbone.layer1'])['backbone.layer1']
    assert [tuple(f.shape) for f in found] == [(3, 8), (3, 12)]
    for network, features in zip(networks, found):
        expected = feature_statistics(network.backbone.layer1(IMAGES))
        torch.testing.assert_close(features, expected)


def test_patch_tokens_of_a_block():
    networks, images = vit(), IMAGES[..., :14, :14]
    found = record(networks, ['backbone.layers.0'], images)
    seen = []
    networks[0].backbone.layers[0].register_forward_hook(
        lambda *args: seen.append(args[-1]))
    networks[0](images)
    assert seen[0].shape == (3, 1 + 4, 12)
    torch.testing.assert_close(found['backbone.layers.0'][0],
                               feature_statistics(seen[0][:, 1:]))


def test_statistics_of_the_image_once_for_all_members():
    found = record(members(4, 6), ['input.gradients', 'backbone.layer2'])
    assert {name: len(f) for name, f in found.items()} == {
        'input.gradients': 1, 'backbone.layer2': 2}


def test_no_hook_stays_behind():
    networks = members(4)
    taps = FeatureTaps(networks, ['backbone.layer1'])
    with pytest.raises(KeyboardInterrupt), taps.record(IMAGES):
        assert networks[0].backbone.layer1._forward_hooks
        raise KeyboardInterrupt
    assert not networks[0].backbone.layer1._forward_hooks


def test_a_layer_that_does_not_run_is_named():
    networks = members(4)
    networks[0].unused = nn.Identity()
    with pytest.raises(ValueError, match="layer 'unused' did not run"):
        record(networks, ['unused'])


@pytest.mark.parametrize('layer, message', [
    ('backbone.layer9',
     "member 1 has no 'layer9' in backbone; there are layer1, layer2"),
    ('input', "member 1 has no 'input' in itself; there are backbone. The "
     'image itself has input.spectrum'),
])
def test_an_unknown_layer_is_named(layer, message):
    networks = members(4, 4)
    networks[0].input = networks[0].backbone.layer9 = nn.Identity()
    with pytest.raises(ValueError, match=message):
        FeatureTaps(networks, [layer])
