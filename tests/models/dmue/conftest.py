"""A DMUE classifier small enough to train by the dozen."""

import pytest
import torch
from mmengine.logging import MessageHub
from mmengine.registry import DefaultScope
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample

import uar_mmpretrain  # noqa: F401

BACKBONES = dict(
    resnet=dict(type='ResNet_CIFAR', depth=18, stem_channels=4,
                base_channels=4),
    dinov2=dict(
        type='DINOv2', img_size=14, patch_size=7, layer_scale_init_value=.5,
        arch=dict(embed_dims=12, num_layers=3, num_heads=2,
                  feedforward_channels=16), out_type='raw'))


@pytest.fixture(params=['resnet', 'dinov2'])
def config(request):
    """Config of a classifier of three classes, once per kind of backbone."""
    resnet = request.param == 'resnet'
    return dict(
        type='DMUEClassifier', ramp_epochs=2,
        backbone=BACKBONES[request.param],
        neck=dict(type='GlobalAveragePooling') if resnet else None,
        head=dict(type='BNNeckHead', num_classes=3,
                  in_channels=32 if resnet else 12,
                  with_patch_mean=not resnet))


@pytest.fixture
def build(config):
    """Build the classifier, with options."""

    def classifier(**options):
        torch.manual_seed(0)
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            model = MODELS.build(dict(config, **options))
        model.init_weights()
        return model

    return classifier


@pytest.fixture
def epoch():
    """Set the epoch that losses read; 3 of 9 to begin with."""
    hub = MessageHub.get_current_instance()
    before = dict(hub.runtime_info)
    hub.update_info('max_epochs', 9)

    def set_epoch(value):
        hub.update_info('epoch', value)

    set_epoch(3)
    yield set_epoch
    hub.runtime_info.clear()
    hub.runtime_info.update(before)


@pytest.fixture
def batch(epoch):
    """Images and samples, as many of each class as given."""

    def images(counts=(2, 3, 4)):
        labels = [label for label, count in enumerate(counts)
                  for _ in range(count)]
        generator = torch.Generator().manual_seed(1)
        inputs = torch.randn(len(labels), 3, 14, 14, generator=generator)
        return dict(inputs=inputs, data_samples=[
            DataSample().set_gt_label(label) for label in labels])

    return images
