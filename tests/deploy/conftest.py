"""Networks small enough to export by the dozen."""

import numpy as np
import pytest
import torch

CLASSES = ('calm', 'glad', 'sad', 'cross')
SIZE = 16


@pytest.fixture(scope='session')
def pictures():
    """24 images (16, 16, 3) of noise of different strength."""
    generator = np.random.default_rng(3)
    noise = generator.normal(size=(24, SIZE, SIZE, 3))
    strength = np.linspace(5, 120, 24)[:, None, None, None]
    return np.clip(128 + strength * noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope='session')
def preprocessing():
    """RGB with a different mean and spread for each colour."""
    from uar_mmpretrain.deploy import Preprocessing
    return Preprocessing(SIZE, SIZE, 'area', to_rgb=True,
                         mean=[120., 110., 100.], std=[50., 60., 70.])


@pytest.fixture(scope='session')
def build(preprocessing):
    """Build a classifier with weights that tell images apart."""
    from mmpretrain.registry import MODELS
    from torch import nn

    def run(config, seed=0):
        torch.manual_seed(seed)
        model = MODELS.build(dict(config, data_preprocessor=dict(
            type='ClsDataPreprocessor', to_rgb=True,
            mean=preprocessing.mean, std=preprocessing.std)))
        for module in model.modules():
            if isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.3)
        return model.eval()

    return run


@pytest.fixture(scope='session')
def predict():
    """Predictions in torch: member scores, and channels by name."""

    @torch.no_grad()
    def run(model, pictures):
        images = torch.from_numpy(pictures).permute(0, 3, 1, 2)
        data = model.data_preprocessor(dict(inputs=list(images)), False)
        samples = model.predict(data['inputs'])
        members = torch.stack([
            one.member_scores if 'member_scores' in one else
            one.pred_score[None] for one in samples]).numpy()
        names = samples[0].get('channels') or ()
        return members, {name: np.array([one.channels[name]
                                         for one in samples])
                         for name in names}

    return run


def transformer():
    """One layer of DINOv2 on 2 x 2 patches."""
    arch = dict(embed_dims=8, num_layers=1, num_heads=2,
                feedforward_channels=8)
    return dict(
        type='ImageClassifier',
        backbone=dict(type='DINOv2', arch=arch, img_size=SIZE, patch_size=8,
                      layer_scale_init_value=0.5, out_type='raw'),
        head=dict(type='EnsembleClsHead', num_classes=4, in_channels=8,
                  with_patch_mean=True))


@pytest.fixture(scope='session')
def member():
    """Configs of networks by name."""
    from mmengine.model import BaseModule
    from mmpretrain.registry import MODELS

    # The least that can be exported, for what is not about networks.
    @MODELS.register_module(force=True)
    class FourPixels(BaseModule):

        def forward(self, x):
            return x.unfold(2, 8, 8).unfold(3, 8, 8).mean((4, 5)).flatten(1),

    def pixels(**kwargs):
        return dict(
            type='ImageClassifier', backbone=dict(type='FourPixels'),
            head=dict(type='EnsembleClsHead', num_classes=4, in_channels=12),
            **kwargs)

    return dict(transformer=transformer, pixels=pixels)
