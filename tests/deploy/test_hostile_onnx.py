"""Files made to harm: refused with the path, and nothing else is read."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from uar_mmpretrain.deploy import Metadata, OnnxPredictor, Preprocessing

GOOD = Metadata(
    ('a', 'b', 'c'), 'entropy', Preprocessing(4, 4),
    dict(tau_epistemic=0.1, tau_aleatoric=0.2, score='epistemic'),
    ('ACCEPT', 'REPORT', 'REJECT')).to_properties()
OUTPUTS = {'mean_scores': [1, 3], 'member_scores': [1, 2, 3], 'total': [1],
           'aleatoric': [1], 'epistemic': [1]}


def write(path, properties, side=4, action=1, location=None, **shapes):
    """A graph that says the same of every picture."""
    nodes, weights = [], []
    shapes = {**OUTPUTS, **shapes}
    for name, shape in shapes.items():
        value = np.full(shape, 1 / shape[-1] if len(shape) > 1 else 0.5,
                        np.float32)
        weights.append(onnx.numpy_helper.from_array(value, f'{name}_w'))
        nodes.append(helper.make_node('Identity', [f'{name}_w'], [name]))
    weights.append(onnx.numpy_helper.from_array(
        np.array([action], np.int64), 'action_w'))
    nodes.append(helper.make_node('Identity', ['action_w'], ['action']))
    if location is not None:
        weights[0].ClearField('raw_data')
        weights[0].data_location = TensorProto.EXTERNAL
        entry = weights[0].external_data.add()
        entry.key, entry.value = 'location', str(location)
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
               for name, shape in shapes.items()]
    outputs.append(helper.make_tensor_value_info('action', TensorProto.INT64,
                                                 [1]))
    graph = helper.make_graph(
        nodes, 'g', [helper.make_tensor_value_info(
            'pixels', TensorProto.UINT8, ['batch', side, side, 3])],
        outputs, weights)
    model = helper.make_model(graph, ir_version=8, opset_imports=[
        helper.make_opsetid('', 17)])
    helper.set_model_props(model, properties)
    path.write_bytes(model.SerializeToString())
    return path


def test_the_plain_file_decides(tmp_path):
    (found, ) = OnnxPredictor(write(tmp_path / 'm.onnx', GOOD))(
        np.zeros((9, 9, 3), np.uint8), progress=False)
    assert found.error is None and found.action == 'REPORT'


@pytest.mark.parametrize('key, value', [
    ('classes', '5'), ('classes', '"abc"'), ('classes', '[1, 2, 3]'),
    ('classes', '[]'), ('classes', '[' * 9000), ('classes', '9' * 5000),
    ('kind', '[]'), ('actions', '{"a": 1}'), ('router', '5'),
    ('router', '{"tau_epistemic": 1}'),
    ('router', '{"tau_epistemic": "x", "tau_aleatoric": 1, "score": "e"}'),
    ('router', '{"score": "a", "score": "b"}'), ('provenance', '[1]'),
    ('preprocessing', '5'), ('preprocessing', '{"height": 4}'),
    ('preprocessing', '{"height": "x", "width": 4}'),
    ('preprocessing', '{"height": 1e9, "width": 4}'),
    ('preprocessing', '{"height": 100000000, "width": 100000000}'),
    ('preprocessing', '{"height": 4, "width": 4, "code": 1}'),
    ('preprocessing', '{"height": 4, "width": 4, "mean": 7}'),
    ('preprocessing', '{"height": 4, "width": 4, "std": ["x", 1, 1]}'),
])
def test_metadata_of_another_form_is_refused(key, value, tmp_path):
    path = write(tmp_path / 'm.onnx', {**GOOD, key: value})
    with pytest.raises(ValueError, match='m.onnx: .*') as found:
        OnnxPredictor(path)
    assert type(found.value) is ValueError


def test_pixels_of_another_size_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"m.onnx: its graph takes .* 5, 5, 3"
                       r".* says pixels of \[4, 4, 3\]"):
        OnnxPredictor(write(tmp_path / 'm.onnx', GOOD, side=5))


def test_an_action_without_a_name_is_an_error_of_its_row(tmp_path):
    path = write(tmp_path / 'm.onnx', GOOD, action=7)
    (found, ) = OnnxPredictor(path)(np.zeros((4, 4, 3), np.uint8),
                                    progress=False)
    assert 'action 7; its metadata names ACCEPT' in found.error


@pytest.mark.parametrize('shapes', [
    dict(total=[2]), dict(total=[1, 2]), dict(epistemic=[]),
    dict(member_scores=[1, 3])])
def test_outputs_of_another_shape_are_an_error_of_their_row(shapes, tmp_path):
    path = write(tmp_path / 'm.onnx', GOOD, **shapes)
    (found, ) = OnnxPredictor(path)(np.zeros((4, 4, 3), np.uint8),
                                    progress=False)
    assert f'the graph gives {min(shapes)} as float32' in found.error


def test_a_graph_of_one_picture_takes_one_after_the_other(tmp_path):
    path = write(tmp_path / 'm.onnx', GOOD)
    found = OnnxPredictor(path)([np.zeros((4, 4, 3), np.uint8)] * 2,
                                progress=False)
    assert [one.action for one in found] == ['REPORT'] * 2


@pytest.mark.parametrize('relative', [True, False])
def test_weights_outside_the_folder_are_not_read(relative, tmp_path):
    (tmp_path / 'secret').write_bytes(bytes(64))
    (tmp_path / 'in').mkdir()
    path = write(tmp_path / 'in' / 'm.onnx', GOOD,
                 location='../secret' if relative else tmp_path / 'secret')
    with pytest.raises(ValueError, match='m.onnx .*(escapes|Absolute path)'):
        OnnxPredictor(path)
