"""A classifier small enough to train in a second."""

import pytest
import torch
from mmengine.model import BaseModule
from mmpretrain.registry import MODELS
from mmpretrain.structures import DataSample
from torch import nn

CLASSES = ('happiness', 'sadness', 'surprise')


@MODELS.register_module(force=True)
class ToyBackbone(BaseModule):
    """One convolution: a 2 x 2 map of an 8 x 8 image, or all of it."""

    def __init__(self, flat=False):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 4, stride=4)
        self.flat = flat

    def forward(self, images):
        features = self.conv(images).relu()
        return (features.flatten(1) if self.flat else features, )


@pytest.fixture
def build():
    """Give the function that builds the classifier."""

    def build(**changes):
        torch.manual_seed(0)
        cfg = dict(
            type='POIClassifier',
            backbone=dict(type='ToyBackbone', flat=True),
            head=dict(type='EnsembleClsHead', num_classes=3, in_channels=256),
            pin=dict(backbone=dict(type='ToyBackbone'), in_channels=64,
                     classes=CLASSES),
            confidence=dict(in_channels=256))
        model = MODELS.build(dict(cfg, **changes))
        model.init_weights()
        return model

    return build


@pytest.fixture
def samples():
    """Give the function that makes the samples of annotated images."""

    def make(labels, aus=None):
        out = []
        for row, label in enumerate(labels):
            sample = DataSample().set_gt_label(int(label))
            sample.set_gt_score(torch.eye(3)[int(label)])
            if aus is not None:
                sample.set_field(aus[row], 'aus')
            out.append(sample)
        return out

    return make


@pytest.fixture
def progress(monkeypatch):
    """Give the function that says how far the training is."""
    from uar_mmpretrain.models.poi import poi_classifier

    def at(share):
        monkeypatch.setattr(poi_classifier, 'training_progress',
                            lambda: share)

    at(1.)
    return at
