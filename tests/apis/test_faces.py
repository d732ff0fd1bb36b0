"""Faces cut out of pictures; the detector's network is a stand-in."""

import cv2
import numpy as np
import pytest

from uar_mmpretrain.apis import Item
from uar_mmpretrain.apis.faces import FaceDetector, cut_face


def face(left, top, width, height, right_eye=None, left_eye=None):
    row = np.zeros(15, np.float32)
    row[:4] = left, top, width, height
    row[4:6] = right_eye or (left + width * .3, top + height * .4)
    row[6:8] = left_eye or (left + width * .7, top + height * .4)
    return row


class StandIn:
    """Finds the faces it was told, in a picture of the size it was told."""

    def __init__(self, faces):
        self.faces = faces

    def setInputSize(self, size):  # noqa: N802
        self.size = size

    def detect(self, image):
        assert image.shape[:2] == self.size[::-1]
        return 1, None if self.faces is None else np.array(self.faces)


@pytest.fixture
def detector():
    def make(faces):
        found = FaceDetector.__new__(FaceDetector)
        found._detector, found.margin = StandIn(faces), 0.
        return found

    return make


@pytest.fixture
def picture():
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (100, 160, 3), dtype=np.uint8)


def test_an_upright_face_is_its_box(picture):
    np.testing.assert_array_equal(
        cut_face(picture, face(30, 20, 40, 40), margin=0),
        picture[20:60, 30:70])


def test_the_margin_adds_to_all_sides(picture):
    cut = cut_face(picture, face(30, 20, 40, 40), margin=0.1)
    np.testing.assert_array_equal(cut, picture[16:64, 26:74])


def test_a_narrow_box_becomes_a_square_about_its_middle(picture):
    cut = cut_face(picture, face(40, 20, 20, 40), margin=0)
    np.testing.assert_array_equal(cut, picture[20:60, 30:70])


def test_a_face_at_the_border_repeats_it(picture):
    cut = cut_face(picture, face(-10, 0, 40, 40), margin=0)
    np.testing.assert_array_equal(cut[:, 10:], picture[:40, :30])
    np.testing.assert_array_equal(cut[:, 0], picture[:40, 0])


@pytest.mark.parametrize('degrees', [-30, 15, 90])
def test_a_tilted_face_is_turned_upright(degrees):
    """The eyes, drawn as dots, come to lie on one row."""
    image = np.zeros((200, 200, 3), np.uint8)
    turn = np.radians(degrees)
    step = 30 * np.array([np.cos(turn), np.sin(turn)])
    eyes = [tuple((100 + sign * step).tolist()) for sign in (-1, 1)]
    for eye in eyes:
        cv2.circle(image, [round(v) for v in eye], 4, (255, 255, 255), -1)
    cut = cut_face(image, face(50, 50, 100, 100, *eyes), margin=0)
    rows, columns = np.nonzero(cut[..., 0] > 128)
    left, right = rows[columns < 50].mean(), rows[columns > 50].mean()
    assert left == pytest.approx(right, abs=1)
    assert columns.max() - columns.min() == pytest.approx(68, abs=3)


def test_faces_come_from_left_to_right_with_their_boxes(detector, picture):
    find = detector([face(80, 20, 30, 30), face(10, 30, 20, 20)])
    items = list(find([Item('a.png', picture)]))
    assert [item.source for item in items] == ['a.png', 'a.png']
    assert [item.face for item in items] == [(10, 30, 20, 20),
                                             (80, 20, 30, 30)]
    np.testing.assert_array_equal(items[1].image, picture[20:50, 80:110])


@pytest.mark.parametrize('faces', [None, np.empty((0, 15), np.float32)])
def test_no_face_is_said(detector, picture, faces):
    item, = detector(faces)([Item('a.png', picture)])
    assert 'no face found' in str(item.image)
    assert item.source == 'a.png'


def test_errors_pass_and_tiny_pictures_have_no_face(detector):
    broken = Item('a.png', ValueError('0 bytes'))
    items = list(detector(None)(
        [broken, Item('b.png', np.zeros((1, 1, 3), np.uint8))]))
    assert items[0] is broken
    assert 'no face found' in str(items[1].image)


def test_a_picture_opencv_refuses_does_not_end_the_others(
        detector, picture):
    find = detector([face(10, 30, 20, 20)])
    odd = np.zeros((100, 160, 3), np.int32)
    bad, good = find([Item('a.png', odd[:, :, :, None]),
                      Item('b.png', picture)])
    assert isinstance(bad.image, cv2.error)
    assert good.face == (10, 30, 20, 20)


def test_a_large_picture_is_searched_small_and_cut_large(detector):
    image = np.zeros((2048, 1024, 3), np.uint8)
    item, = detector([face(10, 20, 100, 100)])([Item('a.png', image)])
    assert item.face == (20, 40, 200, 200)
    assert item.image.shape == (200, 200, 3)


@pytest.fixture
def blob_model(tmp_path):
    """A network with YuNet's outputs to which white blocks are faces.

    Per cell of 8 pixels its confidence is the brightness, its box 32 pixels
    wide and high about the cell's corner, its eyes level.
    """
    onnx = pytest.importorskip('onnx')
    make = onnx.helper.make_node
    info, floats = onnx.helper.make_tensor_value_info, onnx.TensorProto.FLOAT
    offsets = dict(cls=[0.], obj=[0.], bbox=[0., 0., np.log(4), np.log(4)],
                   kps=[-1., -.5, 1., -.5, *[0.] * 6])
    constants = [onnx.numpy_helper.from_array(np.array([1, -1, 1]), 'shape')]
    nodes = [make('ReduceMean', ['input'], ['grey'], axes=[1], keepdims=1)]
    for stride in (8, 16, 32):
        nodes += [
            make('AveragePool', ['grey'], [f'pool{stride}'],
                 kernel_shape=[stride] * 2, strides=[stride] * 2),
            make('Reshape', [f'pool{stride}', 'shape'], [f'cells{stride}'])]
        for name, values in offsets.items():
            scale = 1 / 255 if name in ('cls', 'obj') and stride == 8 else 0.
            full = f'{name}_{stride}'
            for part, value in (('scale', [scale] * len(values)),
                                ('offset', values)):
                constants.append(onnx.numpy_helper.from_array(
                    np.array(value, np.float32).reshape(1, 1, -1),
                    full + part))
            nodes += [
                make('Mul', [f'cells{stride}', full + 'scale'],
                     [full + 'scaled']),
                make('Add', [full + 'scaled', full + 'offset'], [full])]
    graph = onnx.helper.make_graph(
        nodes, 'blobs', [info('input', floats, [1, 3, 'h', 'w'])],
        [info(f'{name}_{stride}', floats, [1, 'n', len(values)])
         for name, values in offsets.items() for stride in (8, 16, 32)],
        constants)
    path = tmp_path / 'blobs.onnx'
    onnx.save(onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid('', 13)],
        ir_version=8), path)
    return path


def test_opencvs_own_detector_is_driven_rightly(blob_model):
    image = np.zeros((96, 128, 3), np.uint8)
    image[32:40, 80:88] = image[48:56, 24:32] = 255
    find = FaceDetector(blob_model, margin=0.)
    items = list(find([Item('a.png', image), Item('b.png', 0 * image)]))
    assert [item.face for item in items] == [
        (8, 32, 32, 32), (64, 16, 32, 32), None]
    np.testing.assert_array_equal(items[1].image, image[16:48, 64:96])
    assert 'no face found' in str(items[2].image)


def test_a_missing_or_wrong_model_is_named(tmp_path):
    path = tmp_path / 'yunet.onnx'
    with pytest.raises(FileNotFoundError, match='yunet'):
        FaceDetector(path)
    path.write_bytes(b'no model')
    with pytest.raises(ValueError, match='not a YuNet model'):
        FaceDetector(path)
