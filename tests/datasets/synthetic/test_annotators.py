import numpy as np
from scipy.stats import norm

from uar_mmpretrain.datasets.synthetic.action_units import (
    ACTION_UNITS,
    observer_prototypes,
)
from uar_mmpretrain.datasets.synthetic.annotators import (
    NUM_PERCEPTIONS,
    PERCEPTION_NOISE,
    cast_votes,
    noise_length,
    true_distributions,
)
from uar_mmpretrain.datasets.synthetic.streams import uniform


def _votes(states, num_annotators=10, seed=0):
    draws = uniform(seed, 99, len(states), noise_length(num_annotators))
    return cast_votes(states, draws)


def test_every_annotator_votes_once():
    states = np.zeros((700, len(ACTION_UNITS), 2))
    votes = _votes(states, num_annotators=7)
    assert votes.shape == (700, 8) and votes.dtype == np.int64
    assert (votes.sum(axis=1) == 7).all()


def test_full_expressions_are_named():
    states, labels = observer_prototypes()
    shares = true_distributions(states)
    assert shares.dtype == np.float32
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
    assert (shares.argmax(axis=1) == labels).all()
    assert shares[np.arange(len(labels)), labels].min() > .85


def test_same_answers_as_searching_all_prototypes():
    rng = np.random.default_rng(0)
    states = rng.random((3, len(ACTION_UNITS), 2))
    draws = uniform(5, 99, 3, noise_length(4))
    votes = cast_votes(states, draws)
    prototypes, labels = observer_prototypes()
    radius = np.sqrt(-2 * np.log(draws[:, 0::2]))
    angle = 2 * np.pi * draws[:, 1::2]
    noise = np.hstack([radius * np.cos(angle), radius * np.sin(angle)])
    for i, state in enumerate(states):
        expected = np.zeros(8, int)
        for n in noise[i].reshape(4, *state.shape):
            seen = state + PERCEPTION_NOISE * n
            gaps = ((prototypes - seen)**2).sum(axis=(1, 2))
            expected[labels[gaps.argmin()]] += 1
        np.testing.assert_array_equal(votes[i], expected)


def test_two_prototypes_alone_follow_the_normal_tail(monkeypatch):
    # Between two prototypes a distance d apart, a state a share w of the way
    # from the first is taken for it with probability Phi((.5 - w) d / sigma).
    from uar_mmpretrain.datasets.synthetic import annotators
    states, labels = observer_prototypes()
    states, labels = states[[1, 6]], labels[[1, 6]]
    monkeypatch.setattr(annotators, 'observer_prototypes', lambda:
                        (states, labels))
    distance = np.sqrt(((states[0] - states[1])**2).sum())
    for share in (.3, .4, .5, .6):
        seen = (1 - share) * states[0] + share * states[1]
        expected = norm.cdf((.5 - share) * distance / PERCEPTION_NOISE)
        found = true_distributions(seen[None])[0, 1]
        error = np.sqrt(expected * (1 - expected) / NUM_PERCEPTIONS)
        assert abs(found - expected) < 4 * error + 1e-9


def test_votes_follow_the_true_distribution():
    rng = np.random.default_rng(1)
    prototypes, _ = observer_prototypes()
    weight = rng.dirichlet(np.ones(len(prototypes)), 5)
    states = np.einsum('np,pks->nks', weight, prototypes)
    shares = true_distributions(states)
    votes = _votes(states, num_annotators=4000) / 4000
    # Standard errors: .016 of the bank and .008 of the votes, at most.
    np.testing.assert_allclose(votes, shares, atol=.06)


def test_weaker_expressions_are_less_certain():
    states, labels = observer_prototypes()
    certain = [true_distributions(level * states)[np.arange(9), labels]
               for level in (.4, .6, .8, 1.)]
    # Neutral (row 0) has no strength.
    assert (np.diff(certain, axis=0)[:, 1:] >= 0).all()
    assert certain[0][1:].max() < .5
