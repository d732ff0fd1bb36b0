"""Action units from a detector's table."""

import numpy as np
import pytest
from mmpretrain.registry import TRANSFORMS

from uar_mmpretrain.datasets import SyntheticFaces
from uar_mmpretrain.datasets.synthetic import ACTION_UNITS
from uar_mmpretrain.datasets.transforms import (
    LoadActionUnits,
    PackFERInputs,
    load_action_units,
)

# As OpenFace writes it, with blanks after the commas.
TABLE = '''img_path, confidence, success, AU01_r, AU12_r, AU45_r, AU12_c
a/1.png, .98, 1, 0.00, 1.50, 2.00, 1.00
a/2.png, .95, 1, 3.00, 5.00, 0.00, 0.00
a/3.png, .01, 0, 1.00, 1.00, 1.00, 1.00
a/4.png, .90, 1, , 0.60, 0.00, 0.00
'''


@pytest.fixture
def load(tmp_path):
    """Give the function that writes a table and makes the transform."""

    def make(text=TABLE):
        path = tmp_path / 'aus.csv'
        path.write_text(text)
        return TRANSFORMS.build(dict(type='LoadActionUnits', ann_file=path))

    return make


def aus_of(transform, image):
    aus = transform(dict(image_id=image))['aus']
    assert aus.shape == (len(ACTION_UNITS), ) and aus.dtype == np.float32
    known = {au: aus[k] for k, au in enumerate(ACTION_UNITS)
             if not np.isnan(aus[k])}
    return pytest.approx(known)


def test_intensities_of_openface(load):
    transform = load()
    assert aus_of(transform, 'a/1.png') == {1: 0, 12: .5}
    assert aus_of(transform, 'a/2.png') == {1: 1, 12: 1}
    # no face found, and an empty cell
    assert aus_of(transform, 'a/3.png') == {}
    assert aus_of(transform, 'a/4.png') == {12: .2}


def test_probabilities(load):
    transform = load('img_path;AU1;au04\nx.png;.25;.75\n')
    assert aus_of(transform, 'x.png') == {1: .25, 4: .75}


def test_an_image_not_in_the_table_has_none(load):
    assert load()(dict(image_id='a/5.png')) == dict(image_id='a/5.png')


def test_without_a_table_it_is_said_once(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(load_action_units, 'print_log',
                        lambda message, **_: told.append(message))
    transform = LoadActionUnits(tmp_path / 'none.csv')
    for _ in range(3):
        assert 'aus' not in transform(dict(image_id='a/1.png'))
    assert len(told) == 1 and 'none.csv' in told[0]


@pytest.mark.parametrize('text, message', [
    ('file,AU01_r\na,1\n', 'expected img_path'),
    ('img_path,AU45_r\na,1\n', 'expected img_path and action units'),
    ('img_path,AU01_r,AU01\na,1,1\n', 'twice'),
    ('img_path,AU01_r\na,1\nb,5.1\n', "row 3, AU01_r: '5.1'.*0 to 5"),
    ('img_path,AU01\na,1.2\n', '0 to 1'),
    ('img_path,AU01\na,high\n', "'high'")])
def test_a_bad_table_is_refused(load, text, message):
    with pytest.raises(ValueError, match=message):
        load(text)


def test_action_units_reach_the_data_sample(load):
    item = load()(dict(image_id='a/1.png',
                       img=np.zeros((4, 4, 3), dtype=np.uint8)))
    sample = PackFERInputs()(item)['data_samples']
    assert sample.aus[ACTION_UNITS.index(12)] == .5
    faces = SyntheticFaces(
        num_images=3, image_size=24,
        pipeline=[dict(type='RenderFace'), dict(type='PackFERInputs')])
    assert np.array_equal(faces[2]['data_samples'].aus,
                          faces.get_data_info(2)['aus'])
