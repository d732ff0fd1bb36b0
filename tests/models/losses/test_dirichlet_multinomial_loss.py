"""Likelihood of votes under a Dirichlet."""

import pytest
import torch
from scipy.stats import dirichlet_multinomial, multinomial

from uar_mmpretrain.models import DirichletMultinomialLoss
from uar_mmpretrain.models.losses.dirichlet_multinomial_loss import (
    dirichlet_multinomial_nll,
)


def nll(alpha, votes):
    alpha, votes = torch.tensor([alpha]).float(), torch.tensor([votes])
    return dirichlet_multinomial_nll(alpha.log(), votes).item()


@pytest.mark.parametrize('alpha, value', [
    ((1, 2, 7), 2.887281), ((10, 20, 70), 2.228560)])
def test_hand_values(alpha, value):
    assert nll(alpha, (1, 2, 7)) == pytest.approx(value, abs=1e-5)


def test_the_limit_of_many_votes_seen_before_is_the_multinomial():
    limit = -multinomial.logpmf([1, 2, 7], 10, [.1, .2, .7])
    assert limit == pytest.approx(2.132082, abs=1e-6)
    assert nll((1e6, 2e6, 7e6), (1, 2, 7)) == pytest.approx(limit, abs=1e-4)


@pytest.mark.parametrize('votes', [(0, 0, 3, 1), (10, 0, 0, 0), (2, 2, 2, 2)])
def test_scipy_agrees(votes):
    alpha = [.3, 1.7, 4., 250.]
    expected = -dirichlet_multinomial(alpha, sum(votes)).logpmf(votes)
    assert nll(alpha, votes) == pytest.approx(expected, abs=1e-4)


def test_the_scale_of_alpha_matters():
    """More evidence for the mean pays if the votes match it, else costs."""
    assert nll((10, 20, 70), (1, 2, 7)) < nll((1, 2, 7), (1, 2, 7))
    assert nll((10, 20, 70), (5, 5, 0)) > nll((1, 2, 7), (5, 5, 0))


def test_one_vote_sees_only_the_mean():
    expected = -torch.tensor(2 / 10.).log().item()
    assert nll((1, 2, 7), (0, 1, 0)) == pytest.approx(expected, abs=1e-6)
    assert nll((10, 20, 70), (0, 1, 0)) == pytest.approx(expected, abs=1e-6)


def test_no_votes_cost_nothing():
    assert nll((1, 2, 7), (0, 0, 0)) == pytest.approx(0, abs=1e-6)


def test_mean_weights_and_factor():
    log_alpha = torch.tensor([[1., 2., 7.], [10., 20., 70.]]).log()
    votes = torch.tensor([[1., 2., 7.], [1., 2., 7.]])
    loss = DirichletMultinomialLoss()
    assert loss(log_alpha, votes).item() == pytest.approx(
        (2.887281 + 2.228560) / 2, abs=1e-5)
    weighted = DirichletMultinomialLoss(loss_weight=.5)(
        log_alpha, votes, weight=torch.tensor([1., 0.]), avg_factor=1)
    assert weighted.item() == pytest.approx(2.887281 / 2, abs=1e-5)


def test_the_slope_is_that_of_the_value():
    log_alpha = torch.tensor([[.3, 1., 2.]], dtype=torch.float64,
                             requires_grad=True)
    votes = torch.tensor([[4., 0., 6.]])
    assert torch.autograd.gradcheck(
        lambda x: dirichlet_multinomial_nll(x, votes).double(),
        log_alpha, eps=1e-2, atol=1e-3, rtol=1e-2)


def test_counts_of_another_shape():
    with pytest.raises(ValueError, match=r'votes of shape \(2, 4\).*one count '
                       'per class'):
        DirichletMultinomialLoss()(torch.zeros(2, 3), torch.zeros(2, 4))
