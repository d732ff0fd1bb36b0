"""Detecting shifted inputs: out-of-distribution is the positive class."""

from __future__ import annotations

import numpy as np


def auroc(ood: np.ndarray,
          id_: np.ndarray,
          ood_weights: np.ndarray | None = None,
          id_weights: np.ndarray | None = None) -> float:
    """Area under the ROC curve, as the share of correctly ordered pairs.

    ``P(s_ood > s_id) + P(s_ood = s_id) / 2`` (Mann-Whitney; ties count one
    half). With weights, every row stands for that many equal rows.

    Args:
        ood (np.ndarray): ``(P,)`` scores of out-of-distribution inputs;
            higher means more uncertain.
        id_ (np.ndarray): ``(Q,)`` scores of in-distribution inputs.
        ood_weights (np.ndarray | None): ``(P,)`` non-negative weights.
        id_weights (np.ndarray | None): ``(Q,)`` non-negative weights.

    Returns:
        float: Value in [0, 1]; 0.5 for scores that cannot tell.

    Raises:
        ValueError: If a side is empty or has no weight, or a score is NaN.
    """
    ood, id_ = np.asarray(ood), np.asarray(id_)
    for name, scores in (('ood', ood), ('id', id_)):
        if len(scores) == 0:
            raise ValueError(f'{name} has no scores; an AUROC needs both '
                             'in- and out-of-distribution inputs.')
        if np.isnan(scores).any():
            raise ValueError(f'{name} has {int(np.isnan(scores).sum())} '
                             'scores that are NaN; expected numbers.')
    ood_weights = _weights(ood_weights, len(ood))
    id_weights = _weights(id_weights, len(id_))
    order = np.argsort(id_)
    cumulative = np.r_[0., np.cumsum(id_weights[order])]
    low, high = placements(ood, id_[order])
    below = (cumulative[low] + cumulative[high]) / 2
    pairs = ood_weights.sum() * cumulative[-1]
    if pairs == 0:
        raise ValueError('the weights of one side are all zero.')
    return float((ood_weights * below).sum() / pairs)


def placements(scores: np.ndarray,
               reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count reference values below, and at or below, each score.

    Args:
        scores (np.ndarray): ``(P,)`` scores.
        reference (np.ndarray): ``(Q,)`` ascending values.

    Returns:
        tuple[np.ndarray, np.ndarray]: Two ``(P,)`` counts; their mean counts
        ties one half.
    """
    return (np.searchsorted(reference, scores, side='left'),
            np.searchsorted(reference, scores, side='right'))


def _weights(weights: np.ndarray | None, size: int) -> np.ndarray:
    if weights is None:
        return np.ones(size)
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape != (size, ) or (weights < 0).any():
        raise ValueError(f'weights of shape {weights.shape}; expected {size} '
                         'values of at least 0.')
    return weights
