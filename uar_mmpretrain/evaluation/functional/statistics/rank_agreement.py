"""Do predicted probabilities order the classes as people do?"""

from __future__ import annotations

import numpy as np


def same_ranking(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Tell where the prediction orders the classes as the votes do.

    Classes with equal votes may come in any order (ranking calibration of
    Baan et al., EMNLP 2022).

    Args:
        target (np.ndarray): ``(N, C)`` votes or their shares.
        predicted (np.ndarray): ``(N, C)`` probabilities.

    Returns:
        np.ndarray: ``(N,)`` mask.
    """
    target, predicted = np.asarray(target), np.asarray(predicted)
    ordered = target[:, :, None] > target[:, None, :]
    kept = predicted[:, :, None] > predicted[:, None, :]
    return np.all(kept | ~ordered, axis=(1, 2))


def same_top_two(target: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Tell where the two likeliest classes are the two most voted for.

    Equal votes for the second place count as any of them: where all votes
    are for one class, any other may be the second.

    Args:
        target (np.ndarray): ``(N, C)`` votes or their shares, C at least 2.
        predicted (np.ndarray): ``(N, C)`` probabilities.

    Returns:
        np.ndarray: ``(N,)`` mask.
    """
    target = np.asarray(target)
    first_two = np.argsort(-np.asarray(predicted), 1, kind='stable')[:, :2]
    chosen = np.take_along_axis(target, first_two, 1)
    best = -np.sort(-target, 1)[:, :2]
    # Votes of the chosen two, sorted, are the two largest counts.
    return np.all(-np.sort(-chosen, 1) == best, axis=1)
