"""Decisions of an exported file, with and without torch around."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest

from uar_mmpretrain.apis import Item
from uar_mmpretrain.apis.judge import judge
from uar_mmpretrain.deploy import Metadata, OnnxPredictor, export_onnx
from uar_mmpretrain.routing import Router

from .conftest import CLASSES, SIZE

ROOT = Path(__file__).parents[2]
# All that could be there by accident and must not be needed: None makes an
# import fail as if it were not installed.
WITHOUT = '''
import runpy, sys
for name in ('torch', 'torchvision', 'mmengine', 'mmcv', 'mmpretrain', 'onnx',
             'onnxscript', 'pandas', 'scipy', 'sklearn', 'matplotlib', 'rich'):
    sys.modules[name] = None
root, *sys.argv = sys.argv[1:]
sys.path.insert(0, root)
runpy.run_path(sys.argv[0], run_name='__main__')
'''


@pytest.fixture(scope='module')
def model(build, member):
    """Two members."""
    return build(dict(type='EnsembleClassifier',
                      members=[member['pixels']()] * 2))


@pytest.fixture(scope='module')
def router(model, predict, pictures):
    """All three actions occur."""
    parts = Router(0., 0.).decompose(predict(model, pictures)[0])
    return Router(float(np.quantile(parts.epistemic, 0.7)) + 1e-4,
                  float(np.quantile(parts.aleatoric, 0.5)) + 1e-4,
                  classes=CLASSES)


@pytest.fixture(scope='module')
def path(model, router, preprocessing, tmp_path_factory):
    """An exported file."""
    file = tmp_path_factory.mktemp('exported') / 'model.onnx'
    export_onnx(model, file, classes=CLASSES, router=router,
                preprocessing=preprocessing)
    return file


@pytest.fixture
def changed(path, tmp_path):
    """Write the file with other metadata; None takes a key away."""

    def write(**changes):
        content = onnx.load(path)
        properties = {one.key: one.value for one in content.metadata_props}
        properties.update(changes)
        del content.metadata_props[:]
        for key, value in properties.items():
            if value is not None:
                content.metadata_props.add(key=key, value=value)
        onnx.save(content, tmp_path / 'changed.onnx')
        return tmp_path / 'changed.onnx'

    return write


def test_the_decisions_are_those_of_torch(model, router, path, predict,
                                          pictures, preprocessing):
    rng = np.random.default_rng(0)
    others = [rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
              for h, w in ((8, 40), (100, 30), (16, 17))]
    images = [*pictures, *others]
    members, _ = predict(model, np.stack(
        [*pictures, *map(preprocessing.prepare, others)]))
    names = [Item(f'array {i}', None) for i in range(len(images))]
    expected = judge(names, members, CLASSES, router)
    predictor = OnnxPredictor(path)
    found = predictor(images, batch_size=4, progress=False)
    assert {one.action for one in found} == {'ACCEPT', 'REPORT', 'REJECT'}
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        for name in ('source', 'label', 'action', 'score_name', 'reason'):
            assert getattr(one, name) == getattr(other, name)
        for name in ('total', 'aleatoric', 'epistemic', 'score'):
            assert getattr(one, name) == pytest.approx(
                getattr(other, name), abs=1e-5)
        assert one.distribution == pytest.approx(other.distribution,
                                                 abs=1e-5)
        np.testing.assert_allclose(one.member_scores, other.member_scores,
                                   atol=1e-5)
    together = predictor(images, batch_size=100, progress=False)
    assert [one.action for one in together] == [one.action for one in found]


def test_one_bad_picture_ends_nothing(path, pictures, tmp_path):
    (tmp_path / 'empty.png').touch()
    found = OnnxPredictor(path)(
        [pictures[0], str(tmp_path / 'empty.png'), pictures[1]],
        progress=False)
    assert [one.error is None for one in found] == [True, False, True]
    assert '0 bytes' in found[1].error


def test_nan_is_an_error_and_no_action(path, pictures, monkeypatch):
    predictor = OnnxPredictor(path)
    session = predictor.session

    class Broken:
        get_inputs = session.get_inputs

        def run(self, names, feed):
            values = session.run(names, feed)
            values[names.index('epistemic')][1] = np.nan
            return values

    monkeypatch.setattr(predictor, 'session', Broken())
    found = predictor(list(pictures[:3]), progress=False)
    assert [one.action is None for one in found] == [False, True, False]
    assert 'epistemic is NaN' in found[1].error


def test_without_torch_and_openmmlab(path, pictures, tmp_path):
    folder = tmp_path / 'in'
    folder.mkdir()
    for i in range(5):
        cv2.imwrite(str(folder / f'{i}.png'), pictures[i])
    out = tmp_path / 'out.jsonl'
    done = subprocess.run(
        [sys.executable, '-c', WITHOUT, ROOT, ROOT / 'tools' / 'infer.py',
         path, folder, '--out', out], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    here = OnnxPredictor(path)(str(folder), progress=False)
    assert [row['action'] for row in rows] == [one.action for one in here]
    assert [row['source'] for row in rows] == [one.source for one in here]


def test_what_is_no_exported_model_is_refused(path, tmp_path):
    with pytest.raises(FileNotFoundError, match='no model at .*export_onnx'):
        OnnxPredictor(tmp_path / 'model.onnx')
    for content in (b'', b'not a model', path.read_bytes()[:-100]):
        (tmp_path / 'bad.onnx').write_bytes(content)
        with pytest.raises(ValueError, match=r'bad.onnx.* is no ONNX model'):
            OnnxPredictor(tmp_path / 'bad.onnx')


def test_a_file_of_another_tool_is_refused(tmp_path):
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node('Identity', ['x'], ['y'])], 'g',
        [value('x', 1, [1])], [value('y', 1, [1])])
    onnx.save(onnx.helper.make_model(
        graph, ir_version=8,
        opset_imports=[onnx.helper.make_opsetid('', 17)]),
        tmp_path / 'other.onnx')
    with pytest.raises(ValueError, match='other.onnx: format None .*another '
                       'tool'):
        OnnxPredictor(tmp_path / 'other.onnx')


def test_metadata_has_to_fit(changed, path):
    OnnxPredictor(changed())
    with pytest.raises(ValueError, match='names 3 classes .* graph has 4'):
        OnnxPredictor(changed(classes=json.dumps(CLASSES[:3])))
    with pytest.raises(ValueError, match='metadata is incomplete'):
        OnnxPredictor(changed(preprocessing=None))
    with pytest.raises(ValueError, match='metadata is incomplete .*classes'):
        OnnxPredictor(changed(classes=None))
    with pytest.raises(ValueError, match='metadata is incomplete'):
        OnnxPredictor(changed(preprocessing='{"height": '))
    with pytest.raises(ValueError, match="format 'uar_mmpretrain.onnx/0'"):
        OnnxPredictor(changed(format='"uar_mmpretrain.onnx/0"'))
    with pytest.raises(ValueError, match='provider Abacus is not installed'):
        OnnxPredictor(path, providers=['Abacus'])


def test_metadata_survives_a_round_trip(preprocessing):
    router = dict(tau_epistemic=1.5, tau_aleatoric=2., score='epistemic')
    metadata = Metadata(CLASSES, 'entropy', preprocessing, router,
                        ('ACCEPT', ), dict(b=None))
    back = Metadata.from_properties(metadata.to_properties())
    assert back.preprocessing == preprocessing
    assert back.to_properties() == metadata.to_properties()
    assert preprocessing.height == SIZE
