"""Two routers set against each other at the same rejection rate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .matched_rejection import Outcome
from .resampling import Interval, percentile_interval

# Realised rejection may differ by this much before routers are not compared.
_TOLERANCE = 0.005
_CONSTANT = ('the score {} is constant; no threshold on it rejects a chosen '
             'share')


@dataclass(frozen=True, eq=False)
class RouterResult:
    """One score as the rejection score of a router.

    Args:
        rates (np.ndarray): ``(K,)`` rejection rates aimed at.
        realised (np.ndarray): ``(K,)`` shares of corrupted copies rejected.
        retention (np.ndarray): ``(K,)`` shares of ambiguous faces kept.
        clear_retention (np.ndarray): ``(K,)`` shares of unambiguous clean
            faces kept.
        auroc (float): Corrupted copies against ambiguous faces.
        headline (int): Index of the headline rate.
        retention_interval (Interval): 95%, at the headline rate.
        auroc_interval (Interval): 95%.
        is_constant (bool): Whether the score is the same everywhere.
    """

    rates: np.ndarray
    realised: np.ndarray
    retention: np.ndarray
    clear_retention: np.ndarray
    auroc: float
    headline: int
    retention_interval: Interval
    auroc_interval: Interval
    is_constant: bool


@dataclass(frozen=True)
class Comparison:
    """Two routers at the same rejection of corrupted copies.

    Args:
        comparable (bool): Whether both realise the same rate.
        reason (str): Why not, if not.
        ratio (float): Retention of ambiguous faces over the comparator's;
            NaN if not comparable or the comparator keeps none.
        ratio_interval (Interval): 95%, from the log ratio of shares
            ``(k + 0.5) / (n + 1)``, which for a small n lie a little nearer
            to one another than ``k / n``.
        difference (float): Difference of the retentions in points; NaN if
            not comparable.
        difference_interval (Interval): 95%, in points.
    """

    comparable: bool
    reason: str = ''
    ratio: float = math.nan
    ratio_interval: Interval = Interval(math.nan, math.nan)
    difference: float = math.nan
    difference_interval: Interval = Interval(math.nan, math.nan)


def compare(routers: Mapping[str, RouterResult],
            replicates: Mapping[str, Outcome], first: str,
            other: str) -> Comparison:
    """Compare the retention of two routers at the headline rate.

    Args:
        routers (Mapping[str, RouterResult]): Results by score.
        replicates (Mapping[str, Outcome]): B replicates at the headline
            rate by score, drawn together.
        first (str): The router under test.
        other (str): Its comparator.

    Returns:
        Comparison: Ratio and difference, or the reason for there being none.
    """
    reason = _refusal(routers, first, other)
    if reason:
        return Comparison(False, reason)
    headline = routers[first].headline
    return _comparison(
        float(routers[first].retention[headline]),
        float(routers[other].retention[headline]),
        _log_share(replicates[first]) - _log_share(replicates[other]),
        replicates[first].retention - replicates[other].retention)


def compare_with_random(router: RouterResult,
                        replicates: Outcome) -> Comparison:
    """Compare with a router that keeps ``1 - r`` of every set.

    Args:
        router (RouterResult): The router under test.
        replicates (Outcome): B replicates of it at the headline rate.

    Returns:
        Comparison: Ratio and difference, or the reason for there being none.
    """
    if router.is_constant:
        return Comparison(False, _CONSTANT.format('of this router'))
    rate = router.rates[router.headline]
    if abs(router.realised[router.headline] - rate) > _TOLERANCE + 1e-12:
        return Comparison(
            False, f'{router.realised[router.headline]:.1%} of the corrupted '
            f'copies are rejected instead of {rate:.1%}: ties in the score, '
            'or too few images')
    kept = 1 - float(rate)
    return _comparison(
        float(router.retention[router.headline]), kept,
        _log_share(replicates) - np.log(kept), replicates.retention - kept)


def _refusal(routers: Mapping[str, RouterResult], *names: str) -> str:
    """Return why routers cannot be compared, '' if they can."""
    for name in names:
        if routers[name].is_constant:
            return _CONSTANT.format(name)
    realised = [float(routers[n].realised[routers[n].headline])
                for n in names]
    if max(realised) - min(realised) > _TOLERANCE + 1e-12:
        listed = ', '.join(f'{n} {r:.1%}' for n, r in zip(names, realised))
        return (f'realised rejection differs by more than {_TOLERANCE:.1%} '
                f'({listed}): ties in the scores, or too few images')
    return ''


def _log_share(outcome: Outcome) -> np.ndarray:
    """Log retention with ``(k + 0.5) / (n + 1)``: never 0 or infinite."""
    kept = outcome.kept_ambiguous[:, 0]
    return np.log((kept + 0.5) / (outcome.num_ambiguous + 1))


def _comparison(ours: float, theirs: float, log_ratios: np.ndarray,
                differences: np.ndarray) -> Comparison:
    low, high = np.exp(percentile_interval(log_ratios))
    return Comparison(
        True,
        ratio=ours / theirs if theirs > 0 else math.nan,
        ratio_interval=Interval(float(low), float(high)),
        difference=100 * (ours - theirs),
        difference_interval=percentile_interval(100 * differences[:, 0]))
