"""Configs of members small enough to build by the dozen."""

import pytest


def resnet(width=4, head=None, classes=3, members=1):
    """A ResNet-18 with batch norm."""
    head = head or dict(type='EnsembleClsHead', num_members=members)
    return dict(
        type='ImageClassifier',
        backbone=dict(type='ResNet_CIFAR', depth=18, stem_channels=width,
                      base_channels=width),
        neck=dict(type='GlobalAveragePooling'),
        head=dict(head, num_classes=classes, in_channels=8 * width))


def dinov2(dims=12, classes=3, **kwargs):
    """Two transformer layers on 2 x 2 patches."""
    arch = dict(embed_dims=dims, num_layers=2, num_heads=2,
                feedforward_channels=16)
    return dict(
        type='ImageClassifier',
        backbone=dict(type='DINOv2', arch=dict(arch, **kwargs), img_size=14,
                      patch_size=7, layer_scale_init_value=0.5,
                      out_type='raw'),
        head=dict(type='EnsembleClsHead', num_classes=classes,
                  in_channels=dims, with_patch_mean=True))


@pytest.fixture
def member():
    """Configs of a member by name."""
    return dict(
        resnet=resnet,
        dinov2=dinov2,
        linear=lambda **kwargs: resnet(
            head=dict(type='LinearClsHead'), **kwargs),
        double=lambda **kwargs: resnet(members=2, **kwargs))
