"""Conformal p-values of 'drawn like the calibration images'."""

from __future__ import annotations

import numpy as np


def conformal_p_values(scores: np.ndarray,
                       calibration: np.ndarray) -> np.ndarray:
    """Share of calibration images at least as unusual, this one included.

    ``(1 + #{calibration >= s}) / (n + 1)`` (Vovk et al., "Algorithmic
    Learning in a Random World", 2005, chapter 2; Bates et al., arXiv
    2104.08279, section 1). For an image exchangeable with the calibration
    images, ``P(p <= u) <= u`` for every u, over the draw of both; one-sided.

    Args:
        scores (np.ndarray): ``(N,)`` scores, higher for more unusual.
        calibration (np.ndarray): ``(n,)`` scores, sorted upwards.

    Returns:
        np.ndarray: ``(N,)`` values in ``[1 / (n + 1), 1]``.
    """
    n = len(calibration)
    below = np.searchsorted(calibration, scores, 'left')
    return (1 + n - below) / (n + 1)
