import numpy as np
import pytest

from uar_mmpretrain.datasets.synthetic.action_units import ACTION_UNITS
from uar_mmpretrain.datasets.synthetic.features import (
    brow,
    eye,
    mouth,
    mouth_corner,
    nose_wing,
)
from uar_mmpretrain.datasets.synthetic.parameters import FaceParameters

FACE = FaceParameters()


def _au(**values):
    return {**dict.fromkeys(ACTION_UNITS, 0.),
            **{int(key[2:]): value for key, value in values.items()}}


def _moved(feature, **values):
    """Shift of a feature on the right half; y points down."""
    return feature(FACE, _au(**values), 1) - feature(FACE, _au(), 1)


def _lids(**values):
    shapes = eye(FACE, _au(**values), 1)
    return shapes['upper'][8, 1], shapes['lower'][8, 1]


def _lips(**values):
    au = _au(**values)
    corners = np.stack([mouth_corner(FACE, au, s) for s in (-1, 1)])
    return mouth(FACE, au, corners)


def test_brows():
    inner, arch, outer = 0, 5, 8
    raised = _moved(brow, au1=1)[:, 1]
    assert raised[inner] < -.05 and abs(raised[outer]) < .01
    raised = _moved(brow, au2=1)[:, 1]
    assert raised[outer] < -.05 and abs(raised[inner]) < .01
    lowered = _moved(brow, au4=1)
    assert lowered[inner, 1] > .05 and lowered[arch, 1] > .02
    # Towards the middle of the face, which is on the left of this half.
    assert lowered[inner, 0] < -.03
    # Sadness and fear: the inner ends go up although AU4 acts.
    assert _moved(brow, au1=1, au4=1)[inner, 1] < -.05


@pytest.mark.parametrize('number, upper_sign, lower_sign', [
    (5, -1, 1),
    (6, 1, -1),
    (7, 1, -1),
])
def test_lids(number, upper_sign, lower_sign):
    upper, lower = np.subtract(_lids(**{f'au{number}': 1}), _lids())
    assert upper * upper_sign > .01
    assert lower * lower_sign > .003


def test_iris_never_leaves_the_eye():
    for values in ({}, {'au5': 1}, {'au6': 1, 'au7': 1, 'au9': 1}):
        shapes = eye(FACE, _au(**values), -1)
        x, y = shapes['iris'].T
        assert (y >= np.interp(x, *shapes['upper'].T) - 1e-12).all()
        assert (y <= np.interp(x, *shapes['lower'].T) + 1e-12).all()


def test_squeezed_eye_stays_open():
    upper, lower = _lids(au4=1, au6=1, au7=1, au9=1)
    assert lower - upper > .01


def test_nose():
    assert _moved(nose_wing, au9=1)[1] < -.03
    assert _moved(nose_wing, au9=1)[0] > .01


@pytest.mark.parametrize('number, out, down', [
    (12, 1, -1),
    (15, 0, 1),
    (20, 1, 1),
    (23, -1, 0),
    (24, -1, 0),
])
def test_mouth_corners(number, out, down):
    shift = _moved(mouth_corner, **{f'au{number}': 1})
    np.testing.assert_array_equal(
        np.sign(np.where(abs(shift) > .01, shift, 0)), (out, down))


def test_smile_lifts_the_corners_and_frown_drops_them():
    middle = 8
    for number, sign in ((12, -1), (15, 1)):
        line = _lips(**{f'au{number}': 1})[1, :, 1]
        assert (line[0] - line[middle]) * sign > .08


def test_opening():
    gaps = [(_lips(**values)[2] - _lips(**values)[1])[8, 1]
            for values in ({}, {'au25': 1}, {'au25': 1, 'au26': 1})]
    assert gaps[0] == 0
    assert .05 < gaps[1] < gaps[2] - .1


def test_lip_heights():
    def heights(**values):
        edges = _lips(**values)[:, 4, 1]
        return edges[1] - edges[0], edges[3] - edges[2]

    upper, lower = heights()
    for number in (20, 23, 24):
        thin = heights(**{f'au{number}': 1})
        assert thin[0] < .85 * upper and thin[1] < .85 * lower
    assert heights(au10=1)[0] > 1.2 * upper
    assert heights(au17=1)[1] > 1.05 * lower


def test_chin_raiser_pushes_the_lips_up():
    assert (_lips(au17=1)[2, 8] - _lips()[2, 8])[1] < -.03
    assert (_lips(au10=1)[0, 8] - _lips()[0, 8])[1] < -.03
