"""How well any model could predict the entropy of a few votes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from ..votes import vote_entropy

MIN_VOTES = 8
_MIN_IMAGES = 20


@dataclass(frozen=True)
class VoteCeiling:
    """Split-half reliability of the vote entropy.

    Args:
        half (float): Mean Spearman correlation between the entropies of two
            halves of each image's votes.
        reliability (float): Spearman-Brown step up to all votes.
        ceiling (float): Its square root: the correlation a perfect predictor
            of the population's entropy would be expected to reach.
        num_images (int): Images with enough votes to be split.
    """

    half: float
    reliability: float
    ceiling: float
    num_images: int


def vote_ceiling(votes: np.ndarray,
                 num_splits: int = 100,
                 seed: int = 0,
                 min_votes: int = MIN_VOTES) -> VoteCeiling:
    """Split every image's votes in half, at random and repeatedly.

    With ``h`` the correlation between halves, reliability is
    ``2 h / (1 + h)`` (Spearman 1910, Brown 1910) and the ceiling its square
    root (Spearman 1904, correction for attenuation).

    Args:
        votes (np.ndarray): ``(N, C)`` whole vote counts.
        num_splits (int): Number of random splits to average over.
        seed (int): Seed of the splits.
        min_votes (int): Images with fewer votes are left out.

    Returns:
        VoteCeiling: The correlation between halves and what follows from it.

    Raises:
        ValueError: If the votes are not whole numbers, fewer than 20 images
            have enough of them, all votes are unanimous, or the halves do
            not agree at all.
    """
    votes = enough_votes(votes, min_votes)
    if not (votes.max(1) < votes.sum(1)).any():
        raise ValueError(f'all {len(votes)} images have votes for one class '
                         'only; a ceiling needs some that are disputed.')
    rng = np.random.default_rng(seed)
    ballots, cast = _ballots(votes.astype(np.int64))
    half = float(np.mean([
        _split_once(ballots, cast, votes.shape[1], rng)
        for _ in range(num_splits)
    ]))
    if not half > 0:
        raise ValueError(f'halves of the votes correlate at {half:.3f}; a '
                         'ceiling needs them to agree.')
    reliability = 2 * half / (1 + half)
    return VoteCeiling(half, reliability, float(np.sqrt(reliability)),
                       len(votes))


def enough_votes(votes: np.ndarray, min_votes: int) -> np.ndarray:
    """Return the images whose votes say something about their entropy.

    Args:
        votes (np.ndarray): ``(N, C)`` vote counts.
        min_votes (int): Images with fewer votes are left out.

    Returns:
        np.ndarray: ``(N', C)`` whole counts, float64.

    Raises:
        ValueError: If the votes are not whole numbers, or fewer than 20
            images have enough of them.
    """
    votes = np.asarray(votes, dtype=np.float64)
    votes = votes[votes.sum(1) >= min_votes]
    if len(votes) < _MIN_IMAGES:
        raise ValueError(
            f'{len(votes)} images have at least {min_votes} votes; expected '
            f'at least {_MIN_IMAGES} for a ceiling.')
    if (votes != np.floor(votes)).any():
        raise ValueError('votes are not whole numbers; a ceiling needs '
                         'counts, not shares.')
    return votes


def _ballots(votes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Write counts out as single ballots, padded; and which are real."""
    totals = votes.sum(1)
    cast = np.arange(totals.max()) < totals[:, None]
    ballots = np.zeros(cast.shape, dtype=np.int64)
    classes = np.tile(np.arange(votes.shape[1]), len(votes))
    ballots[cast] = np.repeat(classes, votes.ravel())
    return ballots, cast


def _split_once(ballots: np.ndarray, cast: np.ndarray, num_classes: int,
                rng: np.random.Generator) -> float:
    """Correlate the entropies of two random halves of each image's votes."""
    keys = np.where(cast, rng.random(ballots.shape), np.inf)
    shuffled = np.take_along_axis(ballots, keys.argsort(1), 1)
    # Both halves get the same number of votes, as entropy depends on it.
    size = cast.sum(1, keepdims=True) // 2
    place = np.arange(ballots.shape[1])
    first = vote_entropy(_count(shuffled, place < size, num_classes))
    second = vote_entropy(
        _count(shuffled, (place >= size) & (place < 2 * size), num_classes))
    return float(spearmanr(first, second).statistic)


def _count(ballots: np.ndarray, chosen: np.ndarray,
           num_classes: int) -> np.ndarray:
    """Count the chosen ballots per class, ``(N, C)``."""
    image = np.nonzero(chosen)[0]
    flat = image * num_classes + ballots[chosen]
    counts = np.bincount(flat, minlength=len(ballots) * num_classes)
    return counts.reshape(len(ballots), num_classes)
