"""Two routers set against each other at the same rejection rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..statistics.resampling import Interval, percentile_interval
from .rejection_outcome import Outcome
from .router_result import RouterResult

# Realised rejection may differ by this much before routers are not compared.
_TOLERANCE = 0.005
_CONSTANT = ('the score {} is constant; no threshold on it rejects a chosen '
             'share')


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
    return _comparison(
        routers[first].headline_retention, routers[other].headline_retention,
        _log_share(replicates[first]) - _log_share(replicates[other]),
        replicates[first].retention - replicates[other].retention)


def best_comparator(routers: Mapping[str, RouterResult], first: str,
                    comparators: Sequence[str]) -> str | None:
    """Name the comparator that keeps most ambiguous faces.

    Args:
        routers (Mapping[str, RouterResult]): Results by score.
        first (str): The router under test, never its own comparator.
        comparators (Sequence[str]): Candidates; those that cannot be
            compared with the first are passed over.

    Returns:
        str | None: The name; None if no candidate is comparable.
    """
    return max(_comparable(routers, first, comparators),
               key=lambda name: routers[name].headline_retention,
               default=None)


def compare_with_best(routers: Mapping[str, RouterResult],
                      replicates: Mapping[str, Outcome], first: str,
                      comparators: Sequence[str]) -> Comparison:
    """Compare with whichever comparator keeps most ambiguous faces.

    The strongest is chosen on the very images it is judged on, and chosen
    anew in every replicate. Both favour the comparator, so that a gain over
    it is understated rather than overstated.

    Args:
        routers (Mapping[str, RouterResult]): Results by score.
        replicates (Mapping[str, Outcome]): B replicates at the headline
            rate by score, drawn together.
        first (str): The router under test.
        comparators (Sequence[str]): Candidates, as in
            :func:`best_comparator`.

    Returns:
        Comparison: Ratio and difference, or the reason for there being none.
    """
    names = _comparable(routers, first, comparators)
    if not names:
        return Comparison(False, 'no comparator realises the same rejection '
                          f'as {first}')
    return _comparison(
        routers[first].headline_retention,
        max(routers[name].headline_retention for name in names),
        _log_share(replicates[first]) -
        np.max([_log_share(replicates[name]) for name in names], axis=0),
        replicates[first].retention -
        np.max([replicates[name].retention for name in names], axis=0))


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
    if abs(router.headline_realised - rate) > _TOLERANCE + 1e-12:
        return Comparison(
            False, f'{router.headline_realised:.1%} of the corrupted copies '
            f'are rejected instead of {rate:.1%}: ties in the score, or too '
            'few images')
    kept = 1 - float(rate)
    return _comparison(
        router.headline_retention, kept,
        _log_share(replicates) - np.log(kept), replicates.retention - kept)


def _comparable(routers: Mapping[str, RouterResult], first: str,
                names: Sequence[str]) -> list[str]:
    return [name for name in names
            if name != first and not _refusal(routers, first, name)]


def _refusal(routers: Mapping[str, RouterResult], *names: str) -> str:
    """Return why routers cannot be compared, '' if they can."""
    for name in names:
        if routers[name].is_constant:
            return _CONSTANT.format(name)
    realised = [routers[name].headline_realised for name in names]
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
