"""Rejection thresholds from the scores of clean calibration images."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.stats import binom

from .promises import PromiseError, check_share, fewest_images

_Threshold = tuple[float, dict[str, Any]]


def quantile_threshold(scores: np.ndarray, alpha: float) -> _Threshold:
    """Reject a share ``alpha`` of the calibration images themselves.

    On new images the rate is off by the noise of the calibration split: it
    exceeds ``alpha`` about every second time.

    Args:
        scores (np.ndarray): ``(n,)`` rejection scores of clean images.
        alpha (float): Share to reject, in (0, 1).

    Returns:
        tuple[float, dict]: Threshold, and the record of the promise.

    Raises:
        PromiseError: If there are fewer than ``1 / alpha`` images.
        ValueError: If ``alpha`` is outside (0, 1), or the threshold
            infinite.
    """
    check_share('alpha', alpha)
    needed = math.ceil(round(1 / alpha, 9))
    if len(scores) < needed:
        raise PromiseError(
            f'a quantile that rejects {alpha:g} of the images needs at least '
            f'{needed} images (found {len(scores)}). Use a larger '
            'calibration split, or a larger alpha.')
    tau = _finite(np.quantile(scores, 1 - alpha), scores)
    return tau, dict(
        alpha=alpha, num_images=len(scores),
        num_rejected=int((scores > tau).sum()),
        statement='none beyond the calibration images (plain quantile)')


def rejection_threshold(scores: np.ndarray, alpha: float,
                        delta: float) -> _Threshold:
    """Reject at most ``alpha`` of clean images, with confidence 1 - delta.

    The threshold is the smallest order statistic that at most ``e``
    calibration scores exceed, ``e`` being the largest number with
    ``P(Binomial(n, alpha) <= e) <= delta``: the one-sided Clopper-Pearson
    bound of the rejection rate is then at most ``alpha`` (Vovk, "Conditional
    validity of inductive conformal predictors", ACML 2012; Park et al., arXiv
    2001.00106, section 3). ``e`` depends on n, alpha and delta only, so
    nothing is chosen after looking. Exact for continuous scores; tied scores
    reject fewer. Holds for images drawn like the calibration images.

    Args:
        scores (np.ndarray): ``(n,)`` rejection scores of clean images.
        alpha (float): Largest rejection rate, in (0, 1).
        delta (float): Probability, over the draw of the calibration images,
            of exceeding it; in (0, 1).

    Returns:
        tuple[float, dict]: Threshold, and the record of the promise.

    Raises:
        PromiseError: If there are too few images for any threshold.
        ValueError: If ``alpha`` or ``delta`` is outside (0, 1), or the
            threshold infinite.
    """
    check_share('alpha', alpha)
    check_share('delta', delta)
    n, needed = len(scores), fewest_images(alpha, delta)
    if n < needed:
        raise PromiseError(
            f'rejecting at most {alpha:g} of the clean images with '
            f'confidence {1 - delta:g} needs at least {needed} calibration '
            f'images (found {n}). Use a larger split, alpha or delta.')
    exceed = num_allowed(n, alpha, delta)
    tau = _finite(np.partition(scores, n - exceed - 1)[n - exceed - 1],
                  scores)
    return tau, dict(
        alpha=alpha, delta=delta, num_images=n, num_allowed=exceed,
        num_rejected=int((scores > tau).sum()),
        statement=f'at most {alpha:g} of the clean images are rejected, with '
        f'confidence {1 - delta:g} over the draw of the calibration images '
        '(exact binomial bound)')


def num_allowed(num_images: int, alpha: float, delta: float) -> int:
    """Return the largest e with ``P(Binomial(n, alpha) <= e) <= delta``.

    -1 if there is none.
    """
    exceed = int(binom.ppf(delta, num_images, alpha))
    return exceed - int(binom.cdf(exceed, num_images, alpha) > delta)


def _finite(tau: float, scores: np.ndarray) -> float:
    """Return a threshold that something can exceed."""
    if not np.isfinite(tau):
        raise ValueError(
            f'{int(np.isinf(scores).sum())} of {len(scores)} calibration '
            'scores are infinite, and so is the threshold: nothing would be '
            'rejected. The kind pairwise_kl is infinite where a member gives '
            "a class no probability at all; calibrate with kind='entropy'.")
    return float(tau)
