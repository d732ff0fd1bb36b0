import dataclasses

import numpy as np

from uar_mmpretrain.datasets.synthetic.action_units import ACTION_UNITS
from uar_mmpretrain.datasets.synthetic.face_model import face_geometry
from uar_mmpretrain.datasets.synthetic.parameters import FaceParameters
from uar_mmpretrain.datasets.synthetic.shapes import face_shapes, ribbon


def test_ribbon_has_the_asked_width():
    line = np.array([(0., 0.), (1., 0.), (2., 0.)])
    np.testing.assert_allclose(
        ribbon(line, np.array([.2, .4, 0.])),
        [(0, .1), (1, .2), (2, 0), (2, 0), (1, -.2), (0, -.1)],
        atol=1e-12)


def test_folds_are_painted_only_when_there():
    young = FaceParameters(age_lines=0.)
    full = (1., ) * len(ACTION_UNITS)
    acting = dataclasses.replace(young, left=full, right=full)
    counts = [len(face_shapes(face, face_geometry(face)))
              for face in (young, acting)]
    assert counts[1] > counts[0] + 10


def test_shapes_are_finite_polygons():
    face = FaceParameters()
    for points, colour in face_shapes(face, face_geometry(face)):
        assert points.ndim == 2 and points.shape[1] == 2
        assert np.isfinite(points).all()
        assert colour.shape == (3, )
        assert (colour >= 0).all() and (colour <= 255).all()
