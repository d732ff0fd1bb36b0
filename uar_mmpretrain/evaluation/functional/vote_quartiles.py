"""From the clearest to the most ambiguous quarter of the faces."""

from __future__ import annotations

import numpy as np


def vote_quartiles(entropy: np.ndarray) -> np.ndarray:
    """Divide images at the quartiles of their vote entropy.

    Few votes have few distinct entropies; equal ones stay together, and an
    image on a quartile belongs to the quarter below it. So the quarters
    differ in size, and one may be empty.

    Args:
        entropy (np.ndarray): ``(N,)`` vote entropy, NaN without votes.

    Returns:
        np.ndarray: ``(N,)`` int, 1 (clearest) to 4 (most ambiguous), 0
        without votes.
    """
    entropy = np.asarray(entropy, dtype=np.float64)
    voted = ~np.isnan(entropy)
    out = np.zeros(len(entropy), dtype=np.int64)
    if voted.any():
        cuts = np.quantile(entropy[voted], [0.25, 0.5, 0.75])
        out[voted] = 1 + np.searchsorted(cuts, entropy[voted], side='left')
    return out
