import dataclasses

import cv2
import numpy as np
import pytest

from uar_mmpretrain.datasets.synthetic.action_units import (
    ACTION_UNITS,
    au_index,
)
from uar_mmpretrain.datasets.synthetic.drawing import draw_face, project
from uar_mmpretrain.datasets.synthetic.parameters import (
    NUM_DRAWS,
    FaceParameters,
    sample_parameters,
)

FACE = FaceParameters(light_strength=0.)
SIZE = 112


def _acting(level=1., **values):
    side = np.zeros(len(ACTION_UNITS))
    for key in values:
        side[au_index(int(key[2:]))] = level * values[key]
    side = tuple(side.tolist())
    return dataclasses.replace(FACE, left=side, right=side)


def _change(face):
    """Mean absolute change per pixel against the resting face."""
    return cv2.absdiff(draw_face(face, SIZE), draw_face(
        FACE, SIZE)).mean(axis=2)


def _band(image, top, bottom):
    """Rows between two heights of the picture, which spans [-1, 1]."""
    rows = [round((y + 1) / 2 * SIZE) for y in (top, bottom)]
    return image[rows[0]:rows[1]]


def test_format_and_determinism():
    first, second = draw_face(FACE, SIZE), draw_face(FACE, SIZE)
    assert first.shape == (SIZE, SIZE, 3) and first.dtype == np.uint8
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize('number, top, bottom', [
    (1, -.75, -.05),
    (2, -.75, -.05),
    (4, -.45, -.0),
    (5, -.3, .0),
    (7, -.3, .0),
    (6, -.3, .05),
    (9, -.5, .6),
    (10, .0, .7),
    (11, .0, .7),
    (12, .0, .7),
    (14, .3, .7),
    (15, .0, .75),
    (17, .3, .9),
    (20, .3, .7),
    (23, .3, .7),
    (24, .3, .7),
    (25, .3, .7),
    (26, .3, 1.),
])
def test_units_change_their_region_only(number, top, bottom):
    change = _change(_acting(**{f'au{number}': 1.}))
    inside = _band(change, top, bottom).sum()
    assert inside > .97 * change.sum()
    # Visible: it alters some pixels by more than a tenth of the range.
    assert change.max() > 25


@pytest.mark.parametrize('numbers', [(12, 25), (4, 15), (1, 2, 25, 26),
                                     (1, 4, 20, 25), (9, 10, 17), (4, 7, 24)])
def test_weak_expressions_are_harder_to_see(numbers):
    values = {f'au{n}': 1. for n in numbers}
    visible = [_change(_acting(level, **values)).mean()
               for level in (.2, .4, .6, .8, 1.)]
    assert (np.diff(visible) > 0).all()
    assert visible[0] < .6 * visible[-1]


def test_one_sided_units_change_one_half():
    left = _acting(au14=1.).left
    change = _change(dataclasses.replace(FACE, left=left))
    assert change[:, :SIZE // 2].sum() > 20 * change[:, SIZE // 2:].sum()


@pytest.mark.parametrize('size', [48, 56, 112, 300])
def test_same_face_at_every_size(size):
    rng = np.random.default_rng(0)
    states = rng.random((4, len(ACTION_UNITS), 2))
    for face in sample_parameters(states, rng.random((4, NUM_DRAWS))):
        large = draw_face(face, 4 * size)
        small = cv2.resize(large, (size, size), interpolation=cv2.INTER_AREA)
        difference = cv2.absdiff(small, draw_face(face, size))
        assert difference.mean() < 1.1
        assert np.quantile(difference, .99) < 16


def test_pose():
    corner = np.array([[.3, .5]])
    np.testing.assert_allclose(
        project(corner, dataclasses.replace(FACE, scale=1.)), corner)
    moved = dataclasses.replace(FACE, scale=2., shift_x=.1, shift_y=-.2)
    np.testing.assert_allclose(project(corner, moved), [[.7, .8]])
    quarter = dataclasses.replace(FACE, scale=1., roll=np.pi / 2)
    np.testing.assert_allclose(project(corner, quarter), [[-.5, .3]])


def test_turning_moves_the_nose_more_than_the_ears():
    turned = dataclasses.replace(FACE, yaw=.2, scale=1.)
    points = np.array([(0., 0.), (.3, 0.), (FACE.face_width, 0.)])
    shift = project(points, turned)[:, 0] - points[:, 0]
    assert shift[0] > shift[1] > shift[2]


def test_light_comes_from_its_side():
    for angle, bright in ((0., np.s_[:, SIZE // 2:]),
                          (np.pi / 2, np.s_[SIZE // 2:])):
        lit = draw_face(
            dataclasses.replace(
                FACE, light_strength=.25, light_angle=angle,
                background_slope=0.), SIZE)
        flat = draw_face(
            dataclasses.replace(FACE, background_slope=0.), SIZE)
        assert lit[bright].mean() > flat[bright].mean()
        assert lit.mean() < 1.02 * flat.mean()


def test_too_small():
    with pytest.raises(ValueError, match='image_size is 8.*24 or more'):
        draw_face(FACE, 8)
