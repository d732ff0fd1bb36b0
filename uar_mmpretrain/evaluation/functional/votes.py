"""Annotator votes: how much people disagree about a face."""

from __future__ import annotations

import numpy as np
from scipy.special import entr


def vote_entropy(votes: np.ndarray) -> np.ndarray:
    """Entropy of the vote shares, the outside signal of ambiguity.

    Args:
        votes (np.ndarray): ``(N, C)`` non-negative vote counts.

    Returns:
        np.ndarray: ``(N,)`` entropy in nats, in ``[0, ln C]``, with
        ``0 log 0 = 0``; NaN for an image without votes.

    Raises:
        ValueError: If the shape is not ``(N, C)``, or a vote is negative or
            not finite.
    """
    votes = np.asarray(votes, dtype=np.float64)
    if votes.ndim != 2:
        raise ValueError(f'votes have shape {votes.shape}; expected (N, C): '
                         'one row of class counts per image.')
    bad = ~(np.isfinite(votes) & (votes >= 0)).all(1)
    if bad.any():
        row = int(bad.argmax())
        raise ValueError(f'votes[{row}] = {votes[row].tolist()}; expected '
                         'finite counts of at least 0.')
    total = votes.sum(1, keepdims=True)
    shares = np.divide(votes, total, out=np.full_like(votes, np.nan),
                       where=total > 0)
    # Sorted, so that 8-1-1 and 1-8-1 are summed alike and tie exactly.
    return entr(np.sort(shares, axis=1)).sum(1)


def ambiguous_faces(entropy: np.ndarray,
                    quantile: float = 0.75) -> tuple[np.ndarray, float]:
    """Choose the faces people disagree about most, from votes only.

    Args:
        entropy (np.ndarray): ``(N,)`` vote entropy in nats, NaN where an
            image has no votes.
        quantile (float): Quantile of the entropy from which a face counts as
            ambiguous, ties included; in (0, 1).

    Returns:
        tuple[np.ndarray, float]: ``(N,)`` mask, False without votes, and the
        cut in nats.

    Raises:
        ValueError: If no image has votes, or the quantile is outside (0, 1).
    """
    if not 0 < quantile < 1:
        raise ValueError(f'ambiguous_quantile is {quantile}; expected a '
                         'share between 0 and 1.')
    voted = ~np.isnan(entropy)
    if not voted.any():
        raise ValueError('no image has votes; which faces are ambiguous is '
                         'defined by votes only.')
    cut = float(np.quantile(entropy[voted], quantile))
    return voted & (np.nan_to_num(entropy, nan=-1.0) >= cut), cut
