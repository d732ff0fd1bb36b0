import numpy as np
import pytest

from uar_mmpretrain.datasets.synthetic import draw_face, sample_population
from uar_mmpretrain.datasets.transforms import render_face
from uar_mmpretrain.datasets.transforms.render_face import RenderFace


@pytest.fixture(scope='module')
def faces():
    return sample_population('test', 3, 10, 0).faces


def _item(face, size=56):
    return {'face': face, 'image_size': size}


def test_adds_what_loading_an_image_adds(faces):
    results = RenderFace()(_item(faces[0], 64))
    np.testing.assert_array_equal(results['img'], draw_face(faces[0], 64))
    assert results['img_shape'] == results['ori_shape'] == (64, 64)


def test_cache_gives_the_same_pixels(tmp_path, faces):
    render = RenderFace(cache_dir=str(tmp_path / 'new'))
    for _ in range(2):
        for face in faces:
            np.testing.assert_array_equal(
                render(_item(face))['img'], draw_face(face, 56))
    files = [p for p in tmp_path.rglob('*') if p.is_file()]
    assert len(files) == 3
    assert {p.suffix for p in files} == {'.png'}


def test_cache_is_used_and_keeps_sizes_apart(tmp_path, faces, monkeypatch):
    render = RenderFace(cache_dir=str(tmp_path))
    render(_item(faces[0], 56))
    assert render(_item(faces[0], 64))['img'].shape == (64, 64, 3)

    def fail(*args):
        raise AssertionError('drawn although cached')

    monkeypatch.setattr(render_face, 'draw_face', fail)
    assert render(_item(faces[0], 56))['img'].shape == (56, 56, 3)
    with pytest.raises(AssertionError, match='drawn although'):
        render(_item(faces[1], 56))


def test_damaged_cache_file_is_drawn_again(tmp_path, faces):
    render = RenderFace(cache_dir=str(tmp_path))
    render(_item(faces[0]))
    path, = tmp_path.rglob('*.png')
    good = path.read_bytes()
    path.write_bytes(good[:40])
    np.testing.assert_array_equal(
        render(_item(faces[0]))['img'], draw_face(faces[0], 56))
    assert path.read_bytes() == good


def test_item_without_face():
    with pytest.raises(KeyError, match="no 'face' and 'image_size'"):
        RenderFace()({'img_path': 'a.png'})
