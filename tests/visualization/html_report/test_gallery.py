"""Faces by action."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from uar_mmpretrain.routing import Action
from uar_mmpretrain.visualization.html_report.gallery import make_gallery
from uar_mmpretrain.visualization.html_report.plane import make_plane


@pytest.fixture(scope='module')
def plane(run):
    return make_plane(run)[0]


@pytest.fixture(scope='module')
def root(run, tmp_path_factory):
    """Each face a uniform image, 200 x 100 pixels, of its own grey."""
    folder = tmp_path_factory.mktemp('faces')
    for number, name in enumerate(np.unique(run.table.image_id)):
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        Image.new('L', (200, 100), number).save(file)
    return folder


def test_faces_of_each_action(plane, root):
    gallery = make_gallery(plane, root)
    table = plane.run.table
    assert list(gallery) == ['ACCEPT', 'REPORT', 'REJECT']
    for action in Action:
        rows = table.is_clean & (plane.action == action)
        faces = gallery[action.name]
        assert len(faces) == min(12, rows.sum())
        assert {face.image_id for face in faces} <= set(table.image_id[rows])


def test_the_face_shown_is_the_one_named(plane, root):
    for face in make_gallery(plane, root)['ACCEPT']:
        header, data = face.source.split(',')
        assert header == 'data:image/jpeg;base64'
        image = Image.open(io.BytesIO(base64.b64decode(data)))
        assert image.size == (96, 48)
        grey = int(face.image_id[-8:-4])
        assert abs(int(np.asarray(image).mean()) - grey) <= 2
        row = np.flatnonzero(plane.run.table.is_clean
                             & (plane.run.table.image_id == face.image_id))[0]
        best = plane.run.table.mean_scores[row].argmax()
        assert face.prediction.startswith(plane.run.table.classes[best])


def test_no_images_there(plane, tmp_path):
    with pytest.raises(FileNotFoundError, match='--images'):
        make_gallery(plane, tmp_path)


def test_not_an_image(plane, root, tmp_path):
    for file in root.rglob('*.png'):
        target = tmp_path / file.relative_to(root)
        target.parent.mkdir(exist_ok=True)
        target.write_text('no image')
    with pytest.raises(ValueError, match='not a readable image'):
        make_gallery(plane, tmp_path)


def test_an_id_leads_nowhere_else(plane, root, tmp_path):
    """The images are there, but outside the folder given."""
    (tmp_path / 'test').symlink_to(root / 'test')
    with pytest.raises(ValueError, match='leads out of'):
        make_gallery(plane, tmp_path)
