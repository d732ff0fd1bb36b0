import dataclasses
import pickle

import numpy as np

from uar_mmpretrain.datasets.synthetic.action_units import ACTION_UNITS
from uar_mmpretrain.datasets.synthetic.parameters import (
    NUM_DRAWS,
    FaceParameters,
    sample_parameters,
)


def test_draws_span_the_ranges():
    states = np.zeros((3, len(ACTION_UNITS), 2))
    draws = np.repeat([[0.], [.5], [1.]], NUM_DRAWS, axis=1)
    low, middle, high = sample_parameters(states, draws)
    np.testing.assert_allclose(
        np.hstack(dataclasses.astuple(middle)),
        np.hstack(dataclasses.astuple(FaceParameters())),
        atol=1e-12)
    for field in dataclasses.fields(FaceParameters):
        if field.metadata:
            assert getattr(low, field.name) == field.metadata['range'][0]
            np.testing.assert_allclose(
                getattr(high, field.name), field.metadata['range'][1])


def test_sides_are_kept_apart():
    states = np.zeros((1, len(ACTION_UNITS), 2))
    states[0, ACTION_UNITS.index(14)] = (.2, .7)
    face, = sample_parameters(states, np.full((1, NUM_DRAWS), .5))
    left, right = face.sides()
    assert (left[14], right[14], left[12]) == (.2, .7, 0)


def test_digest_names_the_face():
    face = FaceParameters()
    assert face.digest() == pickle.loads(pickle.dumps(face)).digest()
    assert face.digest() != dataclasses.replace(face, yaw=.01).digest()
    left = (1., ) + face.left[1:]
    turned = dataclasses.replace(face, left=left)
    other = dataclasses.replace(face, right=left)
    assert len({face.digest(), turned.digest(), other.digest()}) == 3
