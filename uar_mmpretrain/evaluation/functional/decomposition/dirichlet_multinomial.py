"""Votes as draws from faces whose distributions follow a Dirichlet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, psi
from scipy.stats import spearmanr

from ..votes import vote_entropy
from .noise_ceiling import MIN_VOTES, enough_votes

# Ends for the logarithm of a concentration: one end is reached by a class
# without votes, the other by images that do not differ.
_LOG_BOUNDS = (-14., 14.)


@dataclass(frozen=True)
class DirichletCeiling:
    """What votes can tell, simulated from a model fitted to them.

    Args:
        concentration (float): Sum of the fitted alpha; the smaller, the more
            the votes for a face agree.
        reliability (float): Spearman correlation of the vote entropies of
            two groups of annotators of the same faces.
        ceiling (float): Spearman correlation of the entropy of a face's
            population with that of its votes: what a perfect predictor
            would reach.
        mean_entropy (float): Mean entropy of the population in nats. That
            of the votes is lower: few votes miss rare answers.
        num_images (int): Images with enough votes.
    """

    concentration: float
    reliability: float
    ceiling: float
    mean_entropy: float
    num_images: int


def dirichlet_ceiling(votes: np.ndarray,
                      num_simulations: int = 50,
                      seed: int = 0,
                      min_votes: int = MIN_VOTES) -> DirichletCeiling:
    """Simulate the population behind every image's votes, and new votes.

    With alpha fitted to all images, the population of image i follows
    ``p ~ Dirichlet(alpha + n_i)``. Every simulation draws it and, from it,
    two times as many votes as the image has.

    Args:
        votes (np.ndarray): ``(N, C)`` whole vote counts.
        num_simulations (int): Number of simulations to average over.
        seed (int): Seed of the simulations.
        min_votes (int): Images with fewer votes are left out.

    Returns:
        DirichletCeiling: Means over the simulations.

    Raises:
        ValueError: If the votes are not whole numbers, fewer than 20 images
            have enough of them, the model cannot be fitted, or there is no
            disagreement to correlate.
    """
    votes = enough_votes(votes, min_votes)
    alpha = fit_dirichlet_multinomial(votes)
    rng = np.random.default_rng(seed)
    figures = np.array([_simulate(votes, alpha, rng)
                        for _ in range(num_simulations)])
    if not np.isfinite(figures).all():
        raise ValueError('annotators agree on nearly every image; a ceiling '
                         'needs entropies that differ.')
    reliability, ceiling, entropy = figures.mean(0).tolist()
    return DirichletCeiling(float(alpha.sum()), reliability, ceiling, entropy,
                            len(votes))


def fit_dirichlet_multinomial(votes: np.ndarray) -> np.ndarray:
    """Fit the concentrations of a Dirichlet-multinomial by likelihood.

    Each image has its own ``p ~ Dirichlet(alpha)`` and its votes are
    ``n ~ Multinomial(p)``; the likelihood of n has p integrated out (Minka,
    "Estimating a Dirichlet distribution", 2000, sec. 3). Images may differ
    in their number of votes; a class nobody votes for ends near 0.

    Args:
        votes (np.ndarray): ``(N, C)`` counts, at least one per image.

    Returns:
        np.ndarray: ``(C,)`` concentrations alpha.

    Raises:
        ValueError: If the search does not converge.
    """
    totals = votes.sum(1)

    def loss(log_alpha: np.ndarray) -> tuple[float, np.ndarray]:
        alpha = np.exp(log_alpha)
        size = alpha.sum()
        likelihood = (gammaln(size) - gammaln(size + totals)
                      + (gammaln(alpha + votes) - gammaln(alpha)).sum(1))
        slope = ((psi(size) - psi(size + totals))[:, None]
                 + psi(alpha + votes) - psi(alpha))
        return -float(likelihood.mean()), -slope.mean(0) * alpha

    start = np.log(np.maximum(votes.sum(0) / totals.sum(), 1e-3))
    found = minimize(loss, start, jac=True, method='L-BFGS-B',
                     bounds=[_LOG_BOUNDS] * len(start))
    if not found.success:
        raise ValueError('no Dirichlet-multinomial could be fitted to the '
                         f'votes: {found.message}')
    return np.exp(found.x)


def _simulate(votes: np.ndarray, alpha: np.ndarray,
              rng: np.random.Generator) -> tuple[float, float, float]:
    """Return reliability, ceiling and mean entropy of one simulation."""
    drawn = rng.gamma(alpha + votes)
    population = drawn / drawn.sum(1, keepdims=True)
    number = votes.sum(1).astype(np.int64)
    true = vote_entropy(population)
    one, other = (vote_entropy(rng.multinomial(number, population))
                  for _ in range(2))
    if min(np.ptp(one), np.ptp(other)) == 0:
        return np.nan, np.nan, np.nan
    return (float(spearmanr(one, other).statistic),
            float(spearmanr(true, one).statistic), float(true.mean()))
