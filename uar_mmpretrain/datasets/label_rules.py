"""From crowd votes to training targets: the cleaning rules in use for FER+.

Every rule works on class votes ``(N, C)`` and on extra votes ``(N, E)`` that
name no class (FER+: unknown, NF). Ties go to the first column in the order
given, as in the public code, so votes should come in the data set's own order.

References:
    E. Barsoum et al., "Training Deep Networks for Facial Expression
    Recognition with Crowd-Sourced Label Distribution", ICMI 2016, section 3,
    and the reader published with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np

__all__ = ['LABEL_RULES', 'VOTE_ONLY_RULES', 'RuleResult', 'apply_label_rule']


@dataclass(frozen=True)
class RuleResult:
    """What a label rule makes of N images.

    Attributes:
        kept: (N,) bool, False where the rule leaves the image out.
        target: (N, C) float64, rows of kept images sum to 1, others are 0.
        label: (N,) int64, the winning class, -1 where not kept.
        tied: (N,) bool, kept images whose winner shares its count.
    """

    kept: np.ndarray
    target: np.ndarray
    label: np.ndarray
    tied: np.ndarray


def apply_label_rule(votes: np.ndarray,
                     extra_votes: np.ndarray | None,
                     rule: str,
                     ties: str = 'first') -> RuleResult:
    """Apply one label rule to votes.

    ============================ ============================================
    ``raw``                      class votes / their sum, nothing cleaned
    ``official_majority``        FER+ "majority": top column above half of
                                 the votes after dropping single votes
    ``official_probability``     FER+ "probability"/"crossentropy": the top
                                 one to three columns, renormalised
    ``multi``                    FER+ "multi_target": every class with 30 %
                                 or more, in equal parts
    ``argmax``                   top class, extra votes ignored
    ``argmax_all``               top of all columns, image left out where an
                                 extra column wins
    ============================ ============================================

    Args:
        votes: (N, C) votes per class, not negative.
        extra_votes: (N, E) votes that name no class, or None.
        rule: One of :data:`LABEL_RULES`.
        ties: ``first`` gives a tie to the first column, ``drop`` leaves the
            image out.

    Raises:
        ValueError: If the rule, ``ties`` or a shape is wrong.
    """
    if rule not in LABEL_RULES:
        raise ValueError(f'unknown label rule {rule!r}; choose one of '
                         f'{", ".join(LABEL_RULES)}.')
    if ties not in ('first', 'drop'):
        raise ValueError(f"ties={ties!r}; expected 'first' or 'drop'.")
    votes = np.asarray(votes, dtype=np.float64)
    if votes.ndim != 2:
        raise ValueError(f'votes have shape {votes.shape}; expected (N, C).')
    if extra_votes is None:
        extra_votes = np.zeros((len(votes), 0))
    extra_votes = np.asarray(extra_votes, dtype=np.float64)
    if extra_votes.ndim != 2 or len(extra_votes) != len(votes):
        raise ValueError(f'extra votes have shape {extra_votes.shape}; '
                         f'expected ({len(votes)}, E).')
    weights, one_hot = LABEL_RULES[rule](votes, extra_votes)
    return _result(weights, one_hot, ties)


def _result(weights: np.ndarray, share: str, ties: str) -> RuleResult:
    """Turn the votes a rule kept, all zero to drop, into targets."""
    kept = weights.sum(axis=1) > 0
    top = weights == weights.max(axis=1, keepdims=True)
    tied = kept & (top.sum(axis=1) > 1)
    if ties == 'drop':
        kept, tied = kept & ~tied, np.zeros_like(tied)
    label = np.where(kept, weights.argmax(axis=1), -1)
    if share == 'top':
        parts = np.eye(weights.shape[1])[label]
    elif share == 'equal':
        parts = (weights > 0).astype(np.float64)
    else:
        parts = weights
    target = np.zeros_like(weights)
    np.divide(
        parts,
        parts.sum(axis=1, keepdims=True),
        out=target,
        where=kept[:, None])
    return RuleResult(kept, target, label, tied)


def _raw(votes: np.ndarray, extra: np.ndarray) -> tuple[np.ndarray, str]:
    return votes, 'votes'


def _argmax(votes: np.ndarray, extra: np.ndarray) -> tuple[np.ndarray, str]:
    return votes, 'top'


def _argmax_all(votes: np.ndarray,
                extra: np.ndarray) -> tuple[np.ndarray, str]:
    # The extra columns stand last, so a tie goes to the class.
    wins = votes.max(axis=1) >= _highest(extra)
    return votes * wins[:, None], 'top'


def _majority(votes: np.ndarray, extra: np.ndarray) -> tuple[np.ndarray, str]:
    votes, extra, total = _without_single_votes(votes, extra)
    wins = votes.max(axis=1) > 0.5 * total
    return votes * wins[:, None], 'top'


def _multi(votes: np.ndarray, extra: np.ndarray) -> tuple[np.ndarray, str]:
    votes, extra, total = _without_single_votes(votes, extra)
    votes = votes * (votes >= 0.3 * total[:, None])
    extra = extra * (extra >= 0.3 * total[:, None])
    covered = votes.sum(axis=1) + extra.sum(axis=1) > 0.5 * total
    wins = votes.max(axis=1) >= _highest(extra)
    return votes * (covered & wins)[:, None], 'equal'


def _probability(votes: np.ndarray,
                 extra: np.ndarray) -> tuple[np.ndarray, str]:
    """Columns from the top down until three quarters are covered.

    A round takes all classes tied at the top. It is the last one if an extra
    column stands there too, or if three columns are reached.
    """
    votes, extra, total = _without_single_votes(votes, extra)
    taken = np.zeros_like(votes)
    left = votes.copy()
    going = np.ones(len(votes), dtype=bool)
    for _ in range(3):
        covered = taken.sum(axis=1)
        going &= (covered < 0.75 * total) & ((taken > 0).sum(axis=1) < 3)
        top = np.maximum(left.max(axis=1), _highest(extra))
        chosen = going[:, None] & (left == top[:, None]) & (left > 0)
        taken += left * chosen
        left[chosen] = 0
        going &= _highest(extra) < top
    usable = (taken.sum(axis=1) > 0.5 * total) & ((taken > 0).sum(axis=1) <= 3)
    return taken * usable[:, None], 'votes'


def _without_single_votes(
        votes: np.ndarray,
        extra: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """FER+'s outlier rule: a column with one vote (or less) counts none."""
    votes = np.where(votes > 1, votes, 0.)
    extra = np.where(extra > 1, extra, 0.)
    return votes, extra, votes.sum(axis=1) + extra.sum(axis=1)


def _highest(extra: np.ndarray) -> np.ndarray:
    return extra.max(axis=1, initial=0.)


_Rule = Callable[[np.ndarray, np.ndarray], 'tuple[np.ndarray, str]']
LABEL_RULES: dict[str, _Rule] = {
    'raw': _raw,
    'official_majority': _majority,
    'official_probability': _probability,
    'multi': _multi,
    'argmax': _argmax,
    'argmax_all': _argmax_all,
}
"""Each takes class and extra votes and gives the class votes that count, a
row of zeros to leave the image out, and how they become a target."""

VOTE_ONLY_RULES = ('official_majority', 'official_probability', 'multi',
                   'argmax_all')
"""Rules that count votes, so probabilities or hard labels cannot be used."""
