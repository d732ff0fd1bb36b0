"""How far a predicted distribution lies from the votes, image by image.

All functions take ``(N, C)`` target shares and predicted probabilities, in
this order, and return ``(N,)`` values. A class on which both are zero adds
nothing (0 log 0 = 0 and 0 / 0 = 0). A predicted probability of zero is read
as 1e-12 where its logarithm is taken, so a divergence stays finite.
"""

from __future__ import annotations

import numpy as np
from scipy.special import rel_entr

PROBABILITY_FLOOR = 1e-12


def vote_shares(votes: np.ndarray) -> np.ndarray:
    """Divide the votes of each image by their number.

    Args:
        votes (np.ndarray): ``(N, C)`` counts.

    Returns:
        np.ndarray: ``(N, C)`` float64 shares, each row summing to 1.

    Raises:
        ValueError: If an image has no votes.
    """
    votes = np.asarray(votes, dtype=np.float64)
    total = votes.sum(1, keepdims=True)
    if (total <= 0).any():
        raise ValueError(f'{int((total <= 0).sum())} of {len(votes)} images '
                         'have no votes; leave them out.')
    return votes / total


def total_variation(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Half the sum of absolute differences, in [0, 1]."""
    target, predicted = _pair(target, predicted)
    return np.abs(target - predicted).sum(1) / 2


def kl_divergence(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Kullback-Leibler divergence KL(target || predicted) in nats."""
    target, predicted = _pair(target, predicted)
    return rel_entr(target, np.maximum(predicted, PROBABILITY_FLOOR)).sum(1)


def jensen_shannon(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Jensen-Shannon divergence in nats, in [0, ln 2] (Lin 1991).

    The divergence, not its square root, the distance.
    """
    target, predicted = _pair(target, predicted)
    middle = (target + predicted) / 2
    return (rel_entr(target, middle) + rel_entr(predicted, middle)).sum(1) / 2


def squared_error(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Squared differences summed over classes: the Brier score, in [0, 2]."""
    target, predicted = _pair(target, predicted)
    return np.square(target - predicted).sum(1)


def chebyshev(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Largest absolute difference, in [0, 1]."""
    target, predicted = _pair(target, predicted)
    return np.abs(target - predicted).max(1)


def clark(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Root of the summed squared relative differences, in [0, sqrt C]."""
    return np.sqrt(np.square(_relative(*_pair(target, predicted))).sum(1))


def canberra(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Sum of the relative differences, in [0, C]."""
    return _relative(*_pair(target, predicted)).sum(1)


def cosine_similarity(target: np.ndarray,
                      predicted: np.ndarray) -> np.ndarray:
    """Cosine of the angle between both, in [0, 1]; 1 if they are equal."""
    target, predicted = _pair(target, predicted)
    norms = np.linalg.norm(target, axis=1) * np.linalg.norm(predicted, axis=1)
    return (target * predicted).sum(1) / norms


def intersection(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Probability both share, in [0, 1]: one minus the total variation."""
    target, predicted = _pair(target, predicted)
    return np.minimum(target, predicted).sum(1)


def _pair(target: np.ndarray,
          predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    target = np.asarray(target, dtype=np.float64)
    predicted = np.asarray(predicted, dtype=np.float64)
    if target.ndim != 2 or target.shape != predicted.shape:
        raise ValueError(f'targets have shape {target.shape} and predictions '
                         f'{predicted.shape}; expected (N, C) for both.')
    for name, rows in (('target', target), ('prediction', predicted)):
        bad = ~((rows >= 0).all(1) & np.isclose(rows.sum(1), 1, atol=1e-3))
        if bad.any():
            row = int(bad.argmax())
            raise ValueError(f'{name} {row} is {rows[row].tolist()}; expected '
                             'shares of at least 0 that sum to 1.')
    return target, predicted


def _relative(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Absolute difference over the sum of both, 0 where both are 0."""
    both = target + predicted
    return np.divide(np.abs(target - predicted), both,
                     out=np.zeros_like(both), where=both > 0)
