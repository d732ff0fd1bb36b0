"""Training and evaluation targets of records, in the classes of a model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .label_rules import VOTE_ONLY_RULES, RuleResult, apply_label_rule
from .records import LabelRecords

__all__ = ['Targets', 'make_targets']


@dataclass(frozen=True)
class Targets:
    """Targets of N images over the K classes of a model.

    Attributes:
        kept: (N,) bool, False where the label rule leaves the image out.
        scores: (N, K) float32 training targets; kept rows sum to 1.
        labels: (N,) int64 winning class, -1 where not kept.
        eval_labels: (N,) int64 label accuracy is judged by, -1 where the
            evaluation rule leaves the image out.
        votes: (N, K) vote counts, int64 if whole, else float64; or None.
        num_ties: Kept images whose winning class shares its count.
        dropped_mass: Mean mass kept images had on classes not among the K.
    """

    kept: np.ndarray
    scores: np.ndarray
    labels: np.ndarray
    eval_labels: np.ndarray
    votes: np.ndarray | None
    num_ties: int
    dropped_mass: float


def make_targets(records: LabelRecords,
                 classes: tuple[str, ...],
                 label_rule: str,
                 eval_rule: str,
                 ties: str = 'first') -> Targets:
    """Apply the two rules, then go over to the classes of the model.

    Rules work on all columns of the file, in its own order. What falls on a
    class the model does not have is taken away and the rest renormalised.

    Args:
        records: N images.
        classes: Canonical names, the model's K classes in its order.
        label_rule: Rule of the training target.
        eval_rule: Rule of the evaluation label, or ``label`` for the hard
            label of the file.
        ties: See :func:`apply_label_rule`.

    Raises:
        ValueError: If a rule needs votes or hard labels that are not there.
    """
    trained = _run(records, label_rule, ties)
    columns = [
        records.classes.index(name) if name in records.classes else -1
        for name in classes
    ]
    mass, labels = _project(trained, columns)
    kept = trained.kept & (mass.sum(axis=1) > 0)
    scores = mass / np.where(kept, mass.sum(axis=1), 1.)[:, None]
    lost = 1 - mass[trained.kept].sum(axis=1)
    judged = _judge(records, eval_rule, ties)
    return Targets(
        kept=kept,
        scores=scores.astype(np.float32),
        labels=np.where(kept, labels, -1),
        eval_labels=_renumber(judged, columns),
        votes=None if records.votes is None else _pick(records.votes, columns),
        num_ties=int((trained.tied & kept).sum()),
        dropped_mass=float(lost.mean()) if lost.size else 0.)


def _run(records: LabelRecords, rule: str, ties: str) -> RuleResult:
    if rule in VOTE_ONLY_RULES and records.votes is None:
        raise ValueError(f'{records.source}: rule {rule!r} counts votes, and '
                         "there are none; use 'raw' or 'argmax'.")
    return apply_label_rule(records.shares, records.extra_votes, rule, ties)


def _judge(records: LabelRecords, rule: str, ties: str) -> np.ndarray:
    if rule != 'label':
        return _run(records, rule, ties).label
    if records.labels is None:
        raise ValueError(f"{records.source}: eval_rule='label' needs a hard "
                         'label per image, and the file has none.')
    return records.labels


def _project(result: RuleResult,
             columns: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Target mass on the model's classes, and the winner among them."""
    mass = _pick(result.target, columns).astype(np.float64)
    labels = _renumber(result.label, columns)
    # A winner the model does not have passes to the next one.
    return mass, np.where(labels < 0, mass.argmax(axis=1), labels)


def _renumber(labels: np.ndarray, columns: list[int]) -> np.ndarray:
    """Own indices to the model's; -1 stays, a class it lacks becomes -1."""
    new = np.full(max(max(columns), int(labels.max(initial=0))) + 2, -1)
    for index, column in enumerate(columns):
        if column >= 0:
            new[column] = index
    return new[labels]


def _pick(values: np.ndarray, columns: list[int]) -> np.ndarray:
    """Columns in the model's order, zeros for a class the file lacks."""
    padded = np.pad(values, ((0, 0), (0, 1)))
    picked = padded[:, columns]
    whole = bool((picked == np.floor(picked)).all())
    return picked.astype(np.int64 if whole else np.float64)
