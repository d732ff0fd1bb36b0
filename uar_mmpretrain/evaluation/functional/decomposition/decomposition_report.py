"""Dual validation: aleatoric against votes, epistemic against shift."""

from __future__ import annotations

import math
from typing import Callable

from scipy.stats import binomtest

from ..prediction_table import PredictionTable
from ..report import NO_LABELS, Report
from ..scores import EPISTEMIC, NO_EPISTEMIC, PARTS, uncertainty_scores
from .part_association import associate_parts
from .shift_validation import validate_shift, validate_shift_given
from .truth_report import truth_report
from .vote_validation import (
    validate_ceiling,
    validate_votes,
    validate_within_class,
)

_NATS = 'entropy'
_UNDEFINED = ('undefined: the score that is given has the same order as one '
              'of the two')


def decomposition_report(table: PredictionTable,
                         kind: str = 'entropy',
                         num_resamples: int = 10_000,
                         seed: int = 0) -> Report:
    """Validate both parts of the uncertainty against outside signals.

    The whole 2 x 2 is filled (each part against votes and against shift),
    with total uncertainty and the table's further scores beside it, so that
    a reader sees whether the parts are specific. Every figure comes with the
    ends of its 95% bootstrap interval over images, ``..._low`` and
    ``..._high``; differences are paired. Values, U one of epistemic, total,
    aleatoric:

    - ``accuracy`` (a share, with Wilson's interval) on
      ``accuracy_num_images`` clean images that have an evaluation label;
      ``num_images``, ``num_members``;
    - ``spearman_aleatoric`` against vote entropy on ``num_images_with_votes``
      clean images; ``vote_ceiling`` and ``vote_ceiling_dirichlet``, the
      correlation a perfect model would reach by two estimates, and
      ``spearman_aleatoric_of_ceiling``, ``..._dirichlet``;
    - ``auroc_U_sevS``, mean over corruptions at severity S;
    - ``spearman_aleatoric_truth`` and ``mae_aleatoric_truth`` in nats, where
      the true label distribution is known.

    Details are described at the parts: :func:`.validate_votes`,
    :func:`.validate_within_class`, :func:`.validate_ceiling`,
    :func:`.associate_parts`, :func:`.validate_shift`,
    :func:`.validate_shift_given`, :func:`.truth_report`.

    Args:
        table (PredictionTable): R rows.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        num_resamples (int): Bootstrap replicates; correlations over all
            copies of all images use at most 200.
        seed (int): Seed of everything random.

    Returns:
        Report: Floats with stable keys. Parts the table has no data for are
        left out, with the reason in the notes.
    """
    everything = uncertainty_scores(table, kind)
    scores = {name: everything[name] for name in (*PARTS, *table.channels)
              if name in everything}
    clean = table.is_clean
    report = Report(values=dict(num_images=float(clean.sum()),
                                num_members=float(table.num_members)))
    if EPISTEMIC not in scores:
        report.notes['epistemic'] = NO_EPISTEMIC
    drawn = num_resamples, seed
    parts: dict[str, Callable[[], Report]] = {
        'accuracy': lambda: _accuracy(table),
        'votes': lambda: validate_votes(table, scores, *drawn),
        'within_class': lambda: validate_within_class(table, scores, *drawn),
        'vote_ceiling': lambda: validate_ceiling(
            table, report.values.get('spearman_aleatoric'), seed),
        'parts': lambda: associate_parts(table, scores, *drawn),
        'shift': lambda: validate_shift(table, scores, *drawn),
        'shift_given': lambda: validate_shift_given(table, scores, *drawn),
    }
    if table.truth is not None:
        parts['truth'] = lambda: truth_report(table, scores, kind == _NATS,
                                              *drawn)
    for name, part in parts.items():
        try:
            found = part()
        except ValueError as error:
            report.notes[name] = str(error)
            continue
        report.values.update(found.values)
        report.details.update(found.details)
        report.notes.update(found.notes)
    for key, value in report.details.items():
        # The ends of intervals go with it.
        if math.isnan(value) and not key.endswith(('_low', '_high')):
            report.notes[key] = _UNDEFINED
    return report


def _accuracy(table: PredictionTable) -> Report:
    """Judge the clean images, with Wilson's interval (JASA 22, 1927)."""
    judged = table.is_clean & (table.eval_label >= 0)
    if not judged.any():
        raise ValueError(NO_LABELS)
    correct = (table.mean_scores.argmax(1) == table.eval_label)[judged]
    interval = binomtest(int(correct.sum()), len(correct)).proportion_ci(
        method='wilson')
    return Report(values=dict(accuracy=float(correct.mean()),
                              accuracy_low=float(interval.low),
                              accuracy_high=float(interval.high),
                              accuracy_num_images=float(len(correct))))
