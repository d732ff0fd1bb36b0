"""Thresholds from a split that is neither trained nor tested on."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import precision_recall_curve

from ..uncertainty import Decomposition
from .router import Router

_MIN_IMAGES = 100


def fit_router(decomposition: Decomposition,
               vote_entropy: np.ndarray | None = None,
               *,
               kind: str = 'entropy',
               rejection_rate: float = 0.05,
               ambiguous_quantile: float = 0.75) -> Router:
    """Fit the two thresholds on clean calibration images.

    ``tau_epistemic`` is the ``1 - rejection_rate`` quantile of the epistemic
    part. ``tau_aleatoric`` maximises F1 for "ambiguous" (vote entropy at or
    above its ``ambiguous_quantile``); without votes, or where that takes in
    every image (most are unanimous), it is the same quantile of the
    aleatoric part itself. A plain quantile promises nothing beyond
    the images it was fitted on, and the router's ``info`` says so.

    Args:
        decomposition (Decomposition): Clean calibration images, each part
            ``(N,)`` in nats.
        vote_entropy (np.ndarray | None): ``(N,)`` entropy of the votes in
            nats, NaN where an image has none.
        kind (str): Decomposition used, stored with the thresholds.
        rejection_rate (float): Share of clean images to reject, in (0, 1).
        ambiguous_quantile (float): Quantile of the vote entropy from which a
            face counts as ambiguous, in (0, 1).

    Returns:
        Router: The thresholds and what they were fitted on.

    Raises:
        ValueError: If a rate is outside (0, 1), there are fewer than 100
            images, the vote entropy has another length, or there is no
            epistemic part (one member).
    """
    for name, value in (('rejection_rate', rejection_rate),
                        ('ambiguous_quantile', ambiguous_quantile)):
        if not 0 < value < 1:
            raise ValueError(f'{name} is {value}; expected a share between 0 '
                             'and 1.')
    epistemic = np.asarray(decomposition.epistemic, dtype=np.float64)
    aleatoric = np.asarray(decomposition.aleatoric, dtype=np.float64)
    if len(epistemic) < _MIN_IMAGES:
        raise ValueError(
            f'calibrating thresholds needs at least {_MIN_IMAGES} images '
            f'(found {len(epistemic)}). Use a larger calibration split.')
    if vote_entropy is not None and len(vote_entropy) != len(epistemic):
        raise ValueError(f'vote_entropy has {len(vote_entropy)} values for '
                         f'{len(epistemic)} images; expected one per image, '
                         'NaN where it has no votes.')
    tau_aleatoric, rule = _reporting_threshold(aleatoric, vote_entropy,
                                               ambiguous_quantile)
    return Router(
        tau_epistemic=float(np.quantile(epistemic, 1 - rejection_rate)),
        tau_aleatoric=tau_aleatoric,
        kind=kind,
        info=dict(
            num_images=len(epistemic),
            rejection_rate=rejection_rate,
            aleatoric_rule=rule,
            promise='none beyond the calibration images (plain quantile)'))


def _reporting_threshold(aleatoric: np.ndarray,
                         vote_entropy: np.ndarray | None,
                         quantile: float) -> tuple[float, str]:
    """Return the aleatoric threshold and the rule it came from."""
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
