"""Every step of a pipeline can be looked at, through all wrappers."""

import numpy as np
import pytest
import torch
from mmengine.dataset import ConcatDataset, RepeatDataset
from mmengine.registry import DefaultScope
from mmpretrain.registry import DATASETS
from PIL import Image

from uar_mmpretrain.datasets.pipeline_stages import (
    pipeline_stages,
    to_picture,
)


@pytest.fixture(autouse=True)
def scope():
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        yield


def faces(*steps, size=24, num_images=3):
    return DATASETS.build(dict(
        type='SyntheticFaces', split='test', num_images=num_images,
        image_size=size, pipeline=[dict(type='RenderFace'), *steps]))


def test_last_stage_is_what_the_network_is_given():
    flip = dict(type='RandomFlip', prob=1., direction='horizontal')
    dataset = faces(flip, dict(type='PackFERInputs'))
    info, stages = pipeline_stages(dataset, 1)
    assert info['image_id'] == 'test/000001'
    names = [name for name, _ in stages]
    assert names == ['RenderFace', 'RandomFlip', 'PackFERInputs']
    drawn, flipped, packed = (image for _, image in stages)
    np.testing.assert_array_equal(flipped, drawn[:, ::-1])
    np.testing.assert_array_equal(packed, flipped)
    np.testing.assert_array_equal(
        packed, dataset[1]['inputs'].permute(1, 2, 0).numpy())


def test_corruption_suite():
    suite = DATASETS.build(dict(
        type='CorruptionSuite', corruptions=['contrast'], severities=[5],
        dataset=faces(dict(type='Corrupt'), dict(type='PackFERInputs'))))
    info, stages = pipeline_stages(suite, 3)
    assert (info['corruption'], info['severity']) == ('contrast', 5)
    np.testing.assert_array_equal(
        stages[-1][1], suite[3]['inputs'].permute(1, 2, 0).numpy())
    # Low contrast, and the picture before it is there too.
    assert stages[1][1].std() < stages[0][1].std() / 2


def test_wrappers_around_different_pipelines():
    flip = dict(type='RandomFlip', prob=1., direction='horizontal')
    both = ConcatDataset([faces(), faces(flip)])
    steps = [len(pipeline_stages(both, index)[1]) for index in (0, 2, 3, 5)]
    assert steps == [1, 1, 2, 2]
    info, stages = pipeline_stages(RepeatDataset(faces(flip), 3), 7)
    assert info['image_id'] == 'test/000001' and len(stages) == 2


def test_pipelines_without_an_image():
    with pytest.raises(ValueError, match='no step.*item 0'):
        pipeline_stages(DATASETS.build(dict(
            type='SyntheticFaces', split='test', num_images=1)), 0)


def test_a_step_that_gives_nothing(monkeypatch):
    dataset = faces()
    dataset.pipeline.transforms.append(lambda results: None)
    with pytest.raises(ValueError, match='gave None.*test/000002'):
        pipeline_stages(dataset, 2)


def test_forms_of_images():
    blue = np.zeros((2, 3, 3), np.uint8)
    blue[..., 0] = 200
    as_pillow = Image.fromarray(blue[..., ::-1].copy())
    as_tensor = torch.from_numpy(blue).permute(2, 0, 1)
    for form in (blue, as_pillow, as_tensor):
        np.testing.assert_array_equal(to_picture(form), blue)
    assert to_picture(blue[..., 0]).shape == (2, 3, 3)
    stretched = to_picture(torch.tensor([[[-1., 3.]]]))
    assert stretched.tolist() == [[[0] * 3, [255] * 3]]
