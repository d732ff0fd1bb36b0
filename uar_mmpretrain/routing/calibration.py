"""A router from a split that is neither trained nor tested on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..uncertainty import Decomposition
from .promises import check_share
from .rejection import quantile_threshold, rejection_threshold
from .reporting import reporting_threshold
from .risk_control import Losses, risk_threshold
from .router import EPISTEMIC, Router


def fit_router(decomposition: Decomposition,
               vote_entropy: np.ndarray | None = None,
               *,
               kind: str = 'entropy',
               promise: str = 'rejection',
               rejection_rate: float = 0.05,
               delta: float = 0.1,
               ambiguous_quantile: float = 0.75,
               score: str = EPISTEMIC,
               channels: Mapping[str, Any] | None = None) -> Router:
    """Fit the two thresholds on clean calibration images.

    ``tau_epistemic`` keeps the promise, see :func:`rejection_threshold` and
    :func:`quantile_threshold`. ``tau_aleatoric`` is that of the best F1 for
    "ambiguous", see :func:`reporting_threshold`, and promises nothing;
    :func:`control_risk` replaces it by one that does.

    Args:
        decomposition (Decomposition): Clean calibration images, each part
            ``(N,)`` in nats.
        vote_entropy (np.ndarray | None): ``(N,)`` entropy of the votes in
            nats, NaN where an image has none.
        kind (str): Decomposition used, stored with the thresholds.
        promise (str): 'rejection' or 'quantile'.
        rejection_rate (float): Share alpha of clean images that may be
            rejected, in (0, 1).
        delta (float): The promise 'rejection' holds with confidence
            ``1 - delta``.
        ambiguous_quantile (float): Quantile of the vote entropy from which a
            face counts as ambiguous, in (0, 1).
        score (str): Score to reject by: 'epistemic', or one of the channels.
        channels (Mapping[str, Array] | None): ``(N,)`` scores by name.

    Returns:
        Router: Thresholds, promise, counts and calibration scores.

    Raises:
        KeyError: If ``score`` is no channel.
        PromiseError: If there are too few images for the promise; a
            ValueError.
        ValueError: If a rate is outside (0, 1), the promise is unknown, the
            vote entropy has another length, or there is no epistemic part
            (one member).
    """
    check_share('rejection_rate', rejection_rate)
    check_share('ambiguous_quantile', ambiguous_quantile)
    empty = Router(np.inf, np.inf, kind, score=score)
    scores = empty.rejection_score(decomposition, channels)
    aleatoric = np.asarray(decomposition.aleatoric, dtype=np.float64)
    if vote_entropy is not None and len(vote_entropy) != len(scores):
        raise ValueError(f'vote_entropy has {len(vote_entropy)} values for '
                         f'{len(scores)} images; expected one per image, '
                         'NaN where it has no votes.')
    if promise == 'rejection':
        tau, record = rejection_threshold(scores, rejection_rate, delta)
    elif promise == 'quantile':
        tau, record = quantile_threshold(scores, rejection_rate)
    else:
        raise ValueError(f"unknown promise {promise!r}; expected 'rejection' "
                         "or 'quantile' for the rejection threshold.")
    tau_aleatoric, rule = reporting_threshold(aleatoric, vote_entropy,
                                              ambiguous_quantile)
    return replace(empty, tau_epistemic=tau, tau_aleatoric=tau_aleatoric,
                   info=dict(num_images=len(scores), aleatoric_rule=rule),
                   promises={promise: record},
                   calibration_scores=scores.tolist())


def control_risk(router: Router,
                 tuning: Losses,
                 testing: Losses,
                 *,
                 risk: float = 0.1,
                 delta: float = 0.1) -> Router:
    """Replace ``tau_aleatoric`` by one that bounds the risk on ACCEPT.

    Args:
        router (Router): Its ``tau_epistemic`` must not have been fitted on
            the testing images.
        tuning (Losses): Images that this router does not reject.
        testing (Losses): Other such images.
        risk (float): See :func:`risk_threshold`.
        delta (float): See :func:`risk_threshold`.

    Returns:
        Router: With the promise 'risk' added.

    Raises:
        PromiseError: If no threshold keeps the promise; a ValueError.
        ValueError: As :func:`risk_threshold` raises.
    """
    tau, record = risk_threshold(tuning, testing, risk, delta)
    info = {**router.info, 'aleatoric_rule': 'risk control'}
    return replace(router, tau_aleatoric=tau, info=info,
                   promises={**router.promises, 'risk': record})
