"""A reporting threshold from the votes."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import precision_recall_curve


def reporting_threshold(aleatoric: np.ndarray,
                        vote_entropy: np.ndarray | None,
                        quantile: float) -> tuple[float, str]:
    """Choose ``tau_aleatoric`` for the best F1 of "ambiguous".

    Args:
        aleatoric (np.ndarray): ``(N,)`` aleatoric part.
        vote_entropy (np.ndarray | None): ``(N,)`` in nats, NaN where an
            image has no votes.
        quantile (float): Quantile of the vote entropy from which a face is
            ambiguous. Where there are no votes, or the cut takes in every
            image, the same quantile of the aleatoric part is taken.

    Returns:
        tuple[float, str]: The threshold, and the rule it came from.
    """
    own_quantile = float(np.quantile(aleatoric, quantile))
    rule = f'quantile {quantile} of the aleatoric part'
    if vote_entropy is None or np.isnan(vote_entropy).all():
        return own_quantile, f'{rule} (no votes)'
    voted = ~np.isnan(vote_entropy)
    entropy, score = vote_entropy[voted], aleatoric[voted]
    ambiguous = entropy >= np.quantile(entropy, quantile)
    if ambiguous.all():
        return own_quantile, (f'{rule} (the {quantile} quantile of the vote '
                              'entropy is its minimum)')
    precision, recall, thresholds = precision_recall_curve(ambiguous, score)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(f1[:-1].argmax())
    # The curve counts score >= threshold; the router asks for strictly more.
    return (float(np.nextafter(thresholds[best], -np.inf)),
            f'best F1 ({f1[best]:.3f}) for vote entropy at or above its '
            f'{quantile} quantile')
