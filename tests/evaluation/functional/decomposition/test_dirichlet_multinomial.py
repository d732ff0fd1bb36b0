"""The model of the votes: recovered where it is true, and on FER+."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom, dirichlet_multinomial, entropy, spearmanr

from uar_mmpretrain.evaluation.functional import vote_ceiling, vote_entropy
from uar_mmpretrain.evaluation.functional.decomposition.dirichlet_multinomial import (  # noqa: E501
    dirichlet_ceiling,
    fit_dirichlet_multinomial,
)

ALPHA = np.array([.6, .3, .2, .1])
FERPLUS = Path(__file__).parents[3] / 'data/ferplus/fer2013new.csv'


def simulate(num_images, num_votes=10, seed=0, alpha=ALPHA):
    rng = np.random.default_rng(seed)
    truth = rng.dirichlet(alpha, size=num_images)
    return truth, rng.multinomial(num_votes, truth)


def likelihood(alpha, votes):
    return dirichlet_multinomial.logpmf(
        votes, alpha, votes.sum(1).astype(int)).sum()


def test_recovers_the_concentrations():
    votes = np.concatenate([simulate(4000, 10)[1], simulate(2000, 8, 1)[1]])
    np.testing.assert_allclose(fit_dirichlet_multinomial(votes), ALPHA,
                               rtol=.12)


def test_no_neighbour_is_more_likely():
    votes = simulate(300)[1]
    alpha = fit_dirichlet_multinomial(votes)
    best = likelihood(alpha, votes)
    for k in range(4):
        for factor in (.95, 1.05):
            other = alpha.copy()
            other[k] *= factor
            assert likelihood(other, votes) < best


def test_two_classes_are_a_beta_binomial():
    votes = simulate(500, alpha=[.8, .4])[1]
    alpha, beta = fit_dirichlet_multinomial(votes)
    grid = [betabinom.logpmf(votes[:, 0], 10, alpha * a, beta * b).sum()
            for a in (.97, 1, 1.03) for b in (.97, 1, 1.03)]
    assert int(np.argmax(grid)) == 4


def test_a_class_without_votes():
    votes = np.c_[simulate(500)[1], np.zeros(500)]
    found = fit_dirichlet_multinomial(votes)
    assert found[-1] < 1e-3
    np.testing.assert_allclose(found[:-1],
                               fit_dirichlet_multinomial(votes[:, :-1]),
                               rtol=1e-2)


def test_ceiling_is_what_a_perfect_model_reaches():
    truth, votes = simulate(3000)
    true = entropy(truth, axis=1)
    again = np.random.default_rng(9).multinomial(10, truth)
    found = dirichlet_ceiling(votes, num_simulations=10)
    assert found.ceiling == pytest.approx(
        spearmanr(true, vote_entropy(votes)).statistic, abs=.015)
    assert found.reliability == pytest.approx(
        spearmanr(vote_entropy(again), vote_entropy(votes)).statistic,
        abs=.02)
    assert found.mean_entropy == pytest.approx(true.mean(), abs=.015)
    assert found.mean_entropy > vote_entropy(votes).mean() + .03
    assert found.concentration == pytest.approx(1.2, rel=.1)
    assert found.num_images == 3000


def test_the_seed_decides():
    votes = simulate(200)[1]
    assert dirichlet_ceiling(votes, 3, seed=1) == dirichlet_ceiling(
        votes, 3, seed=1)
    assert dirichlet_ceiling(votes, 3, seed=1) != dirichlet_ceiling(
        votes, 3, seed=2)


@pytest.mark.parametrize('votes, message', [
    (simulate(19)[1], '19 images have at least 8 votes'),
    (simulate(40)[1] + .5, 'not whole numbers'),
    (np.tile([10, 0], (30, 1)), 'agree on nearly every image'),
])
def test_refuses(votes, message):
    with pytest.raises(ValueError, match=message):
        dirichlet_ceiling(votes, num_simulations=2)


@pytest.mark.skipif(not FERPLUS.is_file(), reason='no copy of FER+ here')
def test_votes_of_the_private_test_split():
    # Public vote file, eight emotions, at least eight votes.
    frame = pd.read_csv(FERPLUS)
    votes = frame.loc[frame['Usage'] == 'PrivateTest',
                      'neutral':'contempt'].to_numpy(np.float64)
    model, halves = dirichlet_ceiling(votes), vote_ceiling(votes, 20)
    assert model.num_images == halves.num_images == 3474
    assert model.concentration == pytest.approx(.83, abs=.005)
    assert model.mean_entropy == pytest.approx(.62, abs=.01)
    assert halves.half == pytest.approx(.503, abs=.01)
    assert halves.ceiling == pytest.approx(.82, abs=.01)
    assert model.ceiling == pytest.approx(.845, abs=.015)
    assert model.reliability == pytest.approx(.72, abs=.02)
