import dataclasses

import numpy as np
import pytest

from uar_mmpretrain.datasets.synthetic.action_units import (
    ACTION_UNITS,
    au_index,
)
from uar_mmpretrain.datasets.synthetic.face_model import SKULL_Y, face_geometry
from uar_mmpretrain.datasets.synthetic.parameters import FaceParameters

FACE = FaceParameters(gaze=0.)


def _with(left=(), right=()):
    def intensities(numbers):
        return tuple(float(n in numbers) for n in ACTION_UNITS)

    return dataclasses.replace(
        FACE, left=intensities(left), right=intensities(right))


def test_neutral_face_is_mirror_symmetric():
    shapes = face_geometry(FACE)
    np.testing.assert_allclose(shapes.brows[0] * (-1, 1), shapes.brows[1])
    np.testing.assert_allclose(
        shapes.lips * (-1, 1), shapes.lips[:, ::-1], atol=1e-12)


def test_features_lie_inside_the_face_in_order():
    shapes = face_geometry(FACE)
    chin = shapes.outline[:, 1].max()
    heights = [SKULL_Y, shapes.brows[..., 1].min(),
               shapes.eyes[0]['upper'][:, 1].min(), shapes.wings[0, 1],
               shapes.lips[0, :, 1].min(), shapes.lips[3, :, 1].max(), chin]
    assert (np.diff(heights) > .04).all()
    assert np.abs(shapes.brows[..., 0]).max() < FACE.face_width


def test_jaw_drop_lowers_the_chin():
    open_mouth = face_geometry(_with([26], [26]))
    closed = face_geometry(FACE)
    assert (open_mouth.outline - closed.outline)[:, 1].max() > .08
    # The skull stays.
    assert open_mouth.outline[:, 1].min() == closed.outline[:, 1].min()


def test_contempt_moves_one_corner():
    neutral = face_geometry(FACE).lips[1]
    sneer = face_geometry(_with(left=[12, 14])).lips[1]
    assert (sneer - neutral)[0, 1] < -.08
    np.testing.assert_allclose(sneer[-1], neutral[-1])


@pytest.mark.parametrize('number', ACTION_UNITS)
def test_every_unit_changes_the_geometry_more_when_stronger(number):
    rest = face_geometry(FACE)
    change = []
    for level in (.5, 1.):
        side = np.zeros(len(ACTION_UNITS))
        side[au_index(number)] = level
        side = tuple(side.tolist())
        acted = face_geometry(
            dataclasses.replace(FACE, left=side, right=side))
        change.append(sum(
            np.abs(getattr(acted, key) - getattr(rest, key)).sum()
            for key in ('brows', 'lips', 'wings', 'crease_depths')) + sum(
                np.abs(a[key] - b[key]).sum()
                for a, b in zip(acted.eyes, rest.eyes)
                for key in ('upper', 'lower')))
    assert 0 < change[0] < change[1]
