"""Progressive resizing: the last epochs see what is tested on."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from mmengine.config import Config
from mmengine.dataset import Compose
from mmpretrain.registry import HOOKS, TRANSFORMS

UAR = Path(__file__).parents[2] / 'configs' / 'uar'


@pytest.fixture
def cfg():
    return Config.fromfile(UAR / 'resnet-48px_ens_ferplus.py')


@pytest.fixture
def shape(tmp_path):
    """What a pipeline makes of a 48-pixel picture."""
    path = str(tmp_path / 'face.png')
    cv2.imwrite(path, np.full((48, 48, 3), 90, np.uint8))

    def shape(pipeline):
        if not callable(pipeline):
            pipeline = Compose([TRANSFORMS.build(one) for one in pipeline])
        return tuple(pipeline(dict(img_path=path))['inputs'].shape)

    return shape


def test_small_first_then_the_size_of_the_test(cfg, shape):
    (epoch, recipe), = next(
        HOOKS.build(hook) for hook in cfg.custom_hooks
        if hook.type == 'SwitchRecipeHook').schedule.items()
    assert 1 < epoch <= cfg.train_cfg.max_epochs
    assert shape(cfg.train_dataloader.dataset.pipeline) == (3, 32, 32)
    assert shape(recipe['train_pipeline']) == (3, 48, 48)
    assert shape(cfg.val_dataloader.dataset.pipeline) == (3, 48, 48)


def test_it_ends_with_the_augmentation_of_the_short_recipe(cfg):
    short = Config.fromfile(UAR / 'resnet-48px_ens-16e_ferplus.py')
    switch, = (hook for hook in cfg.custom_hooks
               if hook.type == 'SwitchRecipeHook')
    last = switch.schedule[-1].train_pipeline
    assert last == short.train_dataloader.dataset.pipeline
    resized = cfg.train_dataloader.dataset.pipeline
    assert [one for one in resized if one.type != 'Resize'] == last
