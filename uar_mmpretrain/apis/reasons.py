"""The reason of a decision in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_NAMED = 0.1


@dataclass(frozen=True)
class Thresholds:
    """What a router compares with what.

    Args:
        rejection (float): Rejected above it, ``Router.tau_epistemic``.
        aleatoric (float): Reported above it, ``Router.tau_aleatoric``.
        score_name (str): The score rejected by, ``Router.score``.
    """

    rejection: float
    aleatoric: float
    score_name: str = 'epistemic'


def explain(distribution: Mapping[str, float],
            aleatoric: float | None,
            score: float | None = None,
            action: str | None = None,
            thresholds: Thresholds | None = None) -> str:
    """Say why an image is accepted, reported or rejected.

    Args:
        distribution (Mapping[str, float]): Probability by class name.
        aleatoric (float | None): Aleatoric uncertainty in nats.
        score (float | None): The score compared with the rejection
            threshold.
        action (str | None): 'ACCEPT', 'REPORT' or 'REJECT'.
        thresholds (Thresholds | None): The router's.

    Returns:
        str: One line, such as 'annotators would disagree: 48% fear, 41%
        surprise'.
    """
    if action is None or thresholds is None:
        return f'no router, no action: {describe(distribution)}'
    name = thresholds.score_name
    if action == 'REJECT':
        return (f'unlike the training images: {name} '
                f'{compare(score, thresholds.rejection)}')
    if action == 'REPORT':
        return f'annotators would disagree: {describe(distribution, 2)}'
    return (f'clear enough: {describe(distribution)} '
            f'(aleatoric {compare(aleatoric, thresholds.aleatoric)}, {name} '
            f'{compare(score, thresholds.rejection)})')


def describe(distribution: Mapping[str, float], at_least: int = 1) -> str:
    """Name the most probable classes, '48% fear, 41% surprise'.

    Args:
        distribution (Mapping[str, float]): Probability by class name.
        at_least (int): Classes to name even if they have less than 10%.

    Returns:
        str: At most three classes.
    """
    ranked = sorted(distribution.items(), key=lambda item: -item[1])[:3]
    named = [(name, p) for rank, (name, p) in enumerate(ranked)
             if rank < at_least or p >= _NAMED]
    return ', '.join(f'{p:.0%} {name}' for name, p in named)


def compare(value: float | None, threshold: float) -> str:
    """Write '0.31 > 0.12' with digits enough to show which is larger."""
    if value is None:
        return f'unknown, threshold {threshold:.3g}'
    sign = '>' if value > threshold else '<='
    for digits in range(2, 18):
        left, right = f'{value:.{digits}g}', f'{threshold:.{digits}g}'
        if left != right or value == threshold:
            break
    return f'{left} {sign} {right}'
