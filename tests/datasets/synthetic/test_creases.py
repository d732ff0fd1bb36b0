import numpy as np
import pytest

from uar_mmpretrain.datasets.synthetic.action_units import ACTION_UNITS
from uar_mmpretrain.datasets.synthetic.creases import (
    middle_creases,
    side_creases,
)
from uar_mmpretrain.datasets.synthetic.parameters import FaceParameters

FACE = FaceParameters(age_lines=0.)
WING, CORNER = np.array([.1, .2]), np.array([.25, .5])


def _deepened(**values):
    """Middle points of the folds that an action unit deepens."""
    au = {**dict.fromkeys(ACTION_UNITS, 0.),
          **{int(key[2:]): value for key, value in values.items()}}
    rest = dict.fromkeys(ACTION_UNITS, 0.)
    folds = [side_creases(FACE, a, 1, WING, CORNER) +
             middle_creases(FACE, a, .55, .85) for a in (rest, au)]
    return np.array([new[0][1] for old, new in zip(*folds)
                     if new[2] > old[2] + .1]).reshape(-1, 2)


@pytest.mark.parametrize('number, x_range, y_range', [
    (1, (-.01, .01), (-.7, -.4)),
    (2, (-.01, .01), (-.7, -.4)),
    (4, (.0, .05), (-.3, -.2)),
    (11, (.1, .3), (.15, .5)),
    (14, (.25, .35), (.45, .55)),
    (17, (-.05, .05), (.6, .8)),
    (20, (.25, .35), (.45, .55)),
    (24, (-.05, .05), (.55, .65)),
])
def test_folds_appear_where_the_muscle_acts(number, x_range, y_range):
    points = _deepened(**{f'au{number}': 1.})
    assert len(points)
    x, y = points.T
    assert x_range[0] <= x.min() and x.max() <= x_range[1]
    assert y_range[0] <= y.min() and y.max() <= y_range[1]


def test_smile_deepens_the_nasolabial_fold_and_crows_feet():
    assert len(_deepened(au12=1.)) == 1
    assert (_deepened(au6=1.)[:, 1] < 0).all()


def test_neutral_young_face_has_almost_no_folds():
    rest = dict.fromkeys(ACTION_UNITS, 0.)
    folds = (side_creases(FACE, rest, -1, -WING, CORNER) +
             middle_creases(FACE, rest, .55, .85))
    assert max(depth for *_, depth in folds) < .2
