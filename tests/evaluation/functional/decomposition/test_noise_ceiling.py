"""The split-half ceiling against simulated annotators."""

import numpy as np
import pytest
from scipy.stats import entropy, spearmanr

from uar_mmpretrain.evaluation.functional import vote_ceiling, vote_entropy


def simulate(num_images, num_votes, seed=0, concentration=1.):
    rng = np.random.default_rng(seed)
    truth = rng.dirichlet(np.full(6, concentration), size=num_images)
    votes = np.stack([rng.multinomial(num_votes, row) for row in truth])
    return truth, votes


def test_predicts_what_a_perfect_model_reaches():
    truth, votes = simulate(4000, 12)
    reached = spearmanr(entropy(truth, axis=1), vote_entropy(votes)).statistic
    found = vote_ceiling(votes, num_splits=20)
    # The correction assumes errors that do not depend on the true value.
    assert found.ceiling == pytest.approx(reached, abs=.04)
    assert found.num_images == 4000


def test_formula():
    found = vote_ceiling(simulate(300, 10)[1], num_splits=5)
    assert found.reliability == pytest.approx(
        2 * found.half / (1 + found.half))
    assert found.ceiling == pytest.approx(found.reliability**.5)


def test_more_votes_are_less_noisy():
    few = vote_ceiling(simulate(500, 8)[1], num_splits=10)
    many = vote_ceiling(simulate(500, 100)[1], num_splits=10)
    assert many.ceiling > few.ceiling + .05


def test_the_seed_decides():
    votes = simulate(200, 10)[1]
    assert vote_ceiling(votes, 3, seed=1) == vote_ceiling(votes, 3, seed=1)
    assert vote_ceiling(votes, 3, seed=1) != vote_ceiling(votes, 3, seed=2)


def test_images_with_few_votes_are_left_out():
    votes = np.concatenate([simulate(100, 10)[1], simulate(50, 5)[1]])
    assert vote_ceiling(votes, num_splits=2).num_images == 100


@pytest.mark.parametrize('votes, message', [
    (simulate(19, 10)[1], '19 images have at least 8 votes'),
    (simulate(40, 10)[1] + .5, 'not whole numbers'),
    (np.tile([10, 0], (30, 1)), 'all 30 images have votes for one class only'),
])
@pytest.mark.filterwarnings('ignore:An input array is constant')
def test_refuses(votes, message):
    with pytest.raises(ValueError, match=message):
        vote_ceiling(votes, num_splits=2)
