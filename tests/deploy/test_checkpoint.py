"""From the files of a training to one file."""

import runpy
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmpretrain.registry import MODELS

from uar_mmpretrain.apis import RoutingInferencer
from uar_mmpretrain.apis.pipeline import build_pipeline
from uar_mmpretrain.deploy import OnnxPredictor, Preprocessing
from uar_mmpretrain.deploy.checkpoint import find_preprocessing
from uar_mmpretrain.routing import Router, fingerprint_weights


def pipeline(*transforms):
    return build_pipeline(Config(dict(infer_pipeline=[
        *transforms, dict(type='PackInputs')])))


@pytest.fixture
def preprocessor():
    return MODELS.build(dict(type='ClsDataPreprocessor', to_rgb=True,
                             mean=[1., 2., 3.], std=[4., 5., 6.]))


@pytest.mark.parametrize('name', ['nearest', 'bilinear', 'bicubic', 'area',
                                  'lanczos'])
def test_resizing_is_recognised_by_its_pixels(name, preprocessor):
    found = find_preprocessing(
        pipeline(dict(type='Resize', scale=(48, 40), interpolation=name)),
        preprocessor)
    assert found == Preprocessing(40, 48, name, False, True, (1., 2., 3.),
                                  (4., 5., 6.))


def test_without_normalisation():
    plain = MODELS.build(dict(type='ClsDataPreprocessor'))
    found = find_preprocessing(
        pipeline(dict(type='Resize', scale=(32, 32))), plain)
    assert found == Preprocessing(32, 32)


def test_grey_is_recognised_too(preprocessor):
    found = find_preprocessing(
        pipeline(dict(type='Resize', scale=(32, 32), interpolation='area'),
                 dict(type='ColorTransform', magnitude=-1, prob=1.,
                      random_negative_prob=0.)), preprocessor)
    assert found.grayscale and found.interpolation == 'area'


def test_grey_is_made_of_the_resized_picture():
    blue = np.zeros((2, 2, 3), np.uint8)
    blue[:, 0] = (200, 0, 0)
    made = Preprocessing(1, 1, 'area', grayscale=True).prepare(blue)
    # 0.114 of the mean blue, ITU-R BT.601.
    assert made.tolist() == [[[11, 11, 11]]]


def test_more_than_resizing_is_refused(preprocessor):
    with pytest.raises(ValueError, match='does more than resize .*to 32 x 32 '
                       'pixels'):
        find_preprocessing(
            pipeline(dict(type='ResizeEdge', scale=40),
                     dict(type='CenterCrop', crop_size=32)), preprocessor)


@pytest.mark.parametrize('changes, message', [
    (dict(height=0), 'images of 0 x 4 pixels'),
    (dict(interpolation='sinc'), "'sinc'; expected one of nearest"),
    (dict(mean=[1.]), r'mean is \(1.0,\); expected three'),
])
def test_preprocessing_is_checked(changes, message):
    with pytest.raises(ValueError, match=message):
        replace(Preprocessing(4, 4), **changes)


def test_the_tool_exports_what_the_inferencer_decides(
        untrained, tiny_config_file, tmp_path, monkeypatch, capsys):
    checkpoint = tmp_path / 'ensemble.pth'
    shutil.copy(untrained / 'ensemble.pth', checkpoint)
    content = torch.load(checkpoint, weights_only=True)
    weights = fingerprint_weights(content['state_dict'])
    router = Router(0.05, 1.5, checkpoint=weights,
                    classes=content['meta']['dataset_meta']['classes'])
    router.save(tmp_path / 'router.json')
    tool = Path(__file__).parents[2] / 'tools' / 'export_onnx.py'
    monkeypatch.setattr(sys, 'argv', list(map(str, [
        tool, tiny_config_file, checkpoint, '--out', tmp_path / 'm.onnx'])))
    runpy.run_path(str(tool), run_name='__main__')
    assert '48 x 48 pixels, 8 classes, rejects by epistemic' in (
        capsys.readouterr().out)
    exported = OnnxPredictor(tmp_path / 'm.onnx')
    assert exported.metadata.provenance['fingerprint'] == weights
    rng = np.random.default_rng(1)
    images = [rng.integers(0, 256, (20 + 5 * i, 31, 3), dtype=np.uint8)
              for i in range(6)]
    found = exported(images, progress=False)
    expected = RoutingInferencer(checkpoint, tiny_config_file)(
        images, progress=False)
    for one, other in zip(found, expected, strict=True):
        assert (one.action, one.reason) == (other.action, other.reason)
        np.testing.assert_allclose(one.member_scores, other.member_scores,
                                   atol=1e-5)
