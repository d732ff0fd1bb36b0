import numpy as np
import pytest

from uar_mmpretrain.datasets.categories import CANONICAL_CLASSES
from uar_mmpretrain.datasets.synthetic.action_units import (
    ACTION_UNITS,
    au_index,
    au_shares,
    blend,
    express,
    observer_prototypes,
)

CONTEMPT = CANONICAL_CLASSES.index('contempt')


def _people(labels, intensity, draws=None, on_left=True):
    labels = np.asarray(labels)
    shape = (len(labels), len(ACTION_UNITS))
    draws = np.full(shape, .5) if draws is None else draws
    return express(labels, np.full(len(labels), intensity), draws,
                   np.ones(shape), np.full(len(labels), on_left))


def _shown(state):
    return {au for au, pair in zip(ACTION_UNITS, state) if pair.max() > 0}


@pytest.mark.parametrize('name, expected', [
    ('neutral', set()),
    ('happiness', {12, 25, 6}),
    ('sadness', {4, 15, 1, 17}),
    ('surprise', {1, 2, 25, 26, 5}),
    ('fear', {1, 4, 20, 25, 2, 5}),
    ('disgust', {9, 10, 17}),
    ('anger', {4, 7, 24, 17}),
    ('contempt', {12, 14}),
])
def test_most_people_show_the_published_units(name, expected):
    # A draw of .505 shows every AU that more than half of people show.
    label = CANONICAL_CLASSES.index(name)
    draws = np.full((1, len(ACTION_UNITS)), .505)
    assert _shown(_people([label], 1., draws)[0]) == expected


def test_shares_of_the_paper():
    shares = au_shares()
    sadness = shares[CANONICAL_CLASSES.index('sadness')]
    assert sadness[au_index(6)] == .50
    assert sadness[au_index(11)] == .26
    assert sadness[au_index(4)] > .70
    assert not shares[CANONICAL_CLASSES.index('neutral')].any()


def test_secondary_units_appear_with_their_share():
    rng = np.random.default_rng(0)
    label = CANONICAL_CLASSES.index('fear')
    draws = rng.random((20000, len(ACTION_UNITS)))
    states = _people(np.full(20000, label), 1., draws)
    share = (states.max(axis=-1) > 0).mean(axis=0)
    np.testing.assert_allclose(share, au_shares()[label], atol=.015)


def test_only_contempt_is_one_sided():
    states = _people(range(8), 1.)
    left, right = states[..., 0], states[..., 1]
    np.testing.assert_array_equal(left[:CONTEMPT], right[:CONTEMPT])
    assert left[CONTEMPT].any() and not right[CONTEMPT].any()
    other = _people([CONTEMPT], 1., on_left=False)[0]
    np.testing.assert_array_equal(other[:, ::-1], states[CONTEMPT])


def test_intensity_scales_every_unit():
    np.testing.assert_allclose(
        _people(range(8), .3), .3 * _people(range(8), 1.))


def test_blend_is_the_weighted_mean():
    first, second = _people([1], 1.), _people([6], 1.)
    mixed = blend(first, second, np.array([.25]))[0, :, 0]
    assert mixed[au_index(12)] == .25
    assert mixed[au_index(24)] == .75
    np.testing.assert_array_equal(
        blend(first, second, np.array([1.])), first)


def test_observer_expects_contempt_on_either_side():
    states, labels = observer_prototypes()
    assert labels.tolist() == [*range(8), CONTEMPT]
    np.testing.assert_array_equal(states[CONTEMPT], states[-1, :, ::-1])
    assert not states[CONTEMPT, :, 1].any()


def test_unknown_unit():
    with pytest.raises(ValueError, match='There is no AU3 in this face'):
        au_index(3)
