"""From the files of a training to one file."""

import io
import runpy
import shutil
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmpretrain.registry import MODELS
from PIL import Image

from uar_mmpretrain.apis import RoutingInferencer
from uar_mmpretrain.apis.pipeline import build_pipeline
from uar_mmpretrain.deploy import (
    OnnxPredictor,
    Preprocessing,
    export_checkpoint,
)
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


@pytest.fixture(scope='module')
def checkpoint(untrained, tmp_path_factory):
    """The ensemble with a router of its weights."""
    path = tmp_path_factory.mktemp('exported') / 'ensemble.pth'
    shutil.copy(untrained / 'ensemble.pth', path)
    content = torch.load(path, weights_only=True)
    Router(0.05, 1.5, classes=content['meta']['dataset_meta']['classes'],
           checkpoint=fingerprint_weights(content['state_dict'])).save(
               path.with_name('router.json'))
    return path


@pytest.fixture(scope='module')
def exported(checkpoint, tiny_config_file):
    """What the tool makes of it."""
    path = checkpoint.with_name('m.onnx')
    tool = Path(__file__).parents[2] / 'tools' / 'export_onnx.py'
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        patch.setattr(sys, 'argv', list(map(str, [
            tool, tiny_config_file, checkpoint, '--out', path])))
        runpy.run_path(str(tool), run_name='__main__')
    assert '48 x 48 pixels, 8 classes, rejects by epistemic' in (
        said.getvalue())
    return OnnxPredictor(path)


@pytest.fixture(scope='module')
def inferencer(checkpoint, tiny_config_file):
    """The same in torch."""
    return RoutingInferencer(checkpoint, tiny_config_file, device='cpu')


def assert_same(found, expected):
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        for name in ('source', 'label', 'action', 'reason', 'error'):
            assert getattr(one, name) == getattr(other, name)
        if one.error is None:
            np.testing.assert_allclose(
                one.member_scores, other.member_scores, atol=1e-5)


def test_the_tool_exports_what_the_inferencer_decides(
        checkpoint, exported, inferencer):
    weights = torch.load(checkpoint, weights_only=True)['state_dict']
    assert exported.metadata.provenance['fingerprint'] == (
        fingerprint_weights(weights))
    rng = np.random.default_rng(1)
    images = [rng.integers(0, 256, (20 + 5 * i, 31, 3), dtype=np.uint8)
              for i in range(6)]
    assert_same(exported(images, progress=False),
                inferencer(images, progress=False))


def write_odd_pictures(folder):
    """Write pictures that are read, and files that are not, by number."""
    rng = np.random.default_rng(2)
    colour = cv2.resize(rng.integers(0, 256, (4, 5, 3), np.uint8), (50, 40))
    grey = colour[..., 0]
    for name, image in (
            ('0_grey', grey), ('1_16_bit', grey.astype(np.uint16) * 257),
            ('2_rgba', np.dstack([colour, grey])), ('3_dot', grey[:1, :1]),
            ('4_long', np.repeat(grey[:, :3], 500, 0)),
            ('5_wide', np.repeat(grey[:3], 400, 1))):
        cv2.imwrite(str(folder / f'{name}.png'), image)
    Image.fromarray(colour).convert('CMYK').save(folder / '6_cmyk.jpg')
    (folder / '7_zero.png').touch()
    content = (folder / '6_cmyk.jpg').read_bytes()
    (folder / '8_half.jpg').write_bytes(content[:len(content) // 2])


@pytest.mark.parametrize('batch_size', [2, 32])
def test_odd_and_bad_files_get_the_same_rows_from_both(
        exported, inferencer, tmp_path, batch_size):
    write_odd_pictures(tmp_path)
    (tmp_path / 'none').mkdir()
    inputs = [tmp_path, tmp_path / 'none', tmp_path / '0_grey.png']
    found, expected = (
        decide(inputs, batch_size=batch_size, progress=False)
        for decide in (exported, inferencer))
    assert_same(found, expected)
    *good, zero, half, none, last = found
    assert [one.error for one in (*good, last)] == [None] * 8
    assert all(one.action for one in (*good, last))
    assert '0 bytes' in zero.error
    assert 'do not decode' in half.error
    assert 'holds no image' in none.error
    # 16 bits are reduced to the same 8.
    np.testing.assert_array_equal(good[0].member_scores,
                                  good[1].member_scores)


def test_a_router_of_other_weights_is_refused(
        checkpoint, tiny_config_file, tmp_path):
    Router(0.05, 1.5, checkpoint='0123456789abcdef').save(
        tmp_path / 'router.json')
    with pytest.raises(ValueError, match='checkpoint 0123456789abcdef'):
        export_checkpoint(checkpoint, tmp_path / 'm.onnx', tiny_config_file,
                          tmp_path / 'router.json')
    assert not (tmp_path / 'm.onnx').exists()
