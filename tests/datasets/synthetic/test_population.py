import numpy as np
import pytest

from uar_mmpretrain.datasets.categories import CANONICAL_CLASSES
from uar_mmpretrain.datasets.synthetic.population import (
    BLENDED_SHARE,
    sample_population,
)


@pytest.fixture(scope='module')
def people():
    return sample_population('train', 3000, 10, 0)


def _entropy(shares):
    logs = np.log(np.where(shares > 0, shares, 1))
    return -(shares * logs).sum(axis=1)


def test_first_faces_do_not_depend_on_the_number(people):
    few = sample_population('train', 20, 10, 0)
    assert few.faces == people.faces[:20]
    for key in ('mixture', 'states', 'votes', 'true_distribution'):
        np.testing.assert_array_equal(
            getattr(few, key), getattr(people, key)[:20])


def test_more_annotators_see_the_same_faces(people):
    many = sample_population('train', 20, 50, 0)
    assert many.faces == people.faces[:20]
    assert (many.votes.sum(axis=1) == 50).all()


def test_splits_and_seeds_share_no_face(people):
    digests = {face.digest() for face in people.faces}
    assert len(digests) == 3000
    for split, seed in (('val', 0), ('test', 0), ('train', 1)):
        other = sample_population(split, 300, 10, seed)
        assert not digests & {face.digest() for face in other.faces}


def test_mixtures(people):
    mixture = people.mixture
    np.testing.assert_allclose(mixture.sum(axis=1), 1, atol=1e-6)
    assert ((mixture > 0).sum(axis=1) <= 2).all()
    blended = (mixture > 0).sum(axis=1) == 2
    assert abs(blended.mean() - BLENDED_SHARE) < .04
    alone = np.bincount(mixture[~blended].argmax(axis=1), minlength=8)
    np.testing.assert_allclose(alone / alone.sum(), 1 / 8, atol=.03)


def test_intensities_follow_the_mixture(people):
    assert people.states.min() >= 0 and people.states.max() <= 1
    neutral = people.mixture[:, CANONICAL_CLASSES.index('neutral')] == 1
    assert neutral.any() and not people.states[neutral].any()
    contempt = people.mixture[:, CANONICAL_CLASSES.index('contempt')] > 0
    uneven = np.ptp(people.states, axis=-1).max(axis=1) > 0
    assert not uneven[~contempt].any()
    assert uneven[contempt].mean() > .9


def test_disagreement_is_like_that_of_ferplus(people):
    # FER+ itself: mean vote entropy .53 nats, 26 % unanimous, 85 % majority.
    shares = people.votes / 10
    entropy = _entropy(shares)
    unanimous = (shares.max(axis=1) == 1).mean()
    majority = (shares.max(axis=1) > .5).mean()
    print(f'mean vote entropy {entropy.mean():.3f} nats, unanimous '
          f'{unanimous:.3f}, majority {majority:.3f}')
    assert abs(entropy.mean() - .5) < .06
    assert abs(unanimous - .28) < .05
    assert .80 < majority < .92
    assert np.quantile(entropy, .9) > .9


def test_votes_follow_the_true_distribution(people):
    truth = people.true_distribution.astype(np.float64)
    votes = people.votes
    np.testing.assert_allclose(truth.sum(axis=1), 1, atol=1e-6)
    # Each cell is binomial: standardised deviations of calibrated votes have
    # a variance of 1, and the mean vote share equals the mean truth.
    np.testing.assert_allclose(
        votes.mean(axis=0) / 10, truth.mean(axis=0), atol=.01)
    open_cells = (truth > .05) & (truth < .95)
    spread = 10 * truth * (1 - truth)
    z = ((votes - 10 * truth) / np.sqrt(np.where(open_cells, spread, 1)))
    assert abs((z[open_cells]**2).mean() - 1) < .08
    # An image's own distribution fits its votes better than another's does.
    own = (votes * np.log(truth + 1e-3)).sum(axis=1).mean()
    other = (votes * np.log(np.roll(truth, 1, axis=0) + 1e-3)).sum(
        axis=1).mean()
    assert own > other + 10


def test_entropy_of_the_truth_predicts_vote_entropy(people):
    truth = _entropy(people.true_distribution.astype(np.float64))
    assert np.corrcoef(truth, _entropy(people.votes / 10))[0, 1] > .75
