"""Calibration against labels and against votes, as numbers."""

from __future__ import annotations

from typing import Callable, NamedTuple

import numpy as np

from ..prediction_table import PredictionTable
from ..report import NO_LABELS, NO_VOTES, Report
from ..vote_quartiles import vote_quartiles
from .calibration_error import (
    NUM_BINS,
    Reliability,
    check_num_bins,
    classwise_error,
    equal_mass_edges,
    equal_width_edges,
    reliability,
)
from .calibration_measures import (
    CalibrationMeasures,
    hard_measures,
    soft_measures,
)


def calibration_report(table: PredictionTable,
                       num_bins: int = NUM_BINS,
                       num_resamples: int = 2000,
                       seed: int = 0) -> Report:
    """Judge the mean probabilities of the clean images.

    With p the prediction, ``yhat`` its arg-max, y the evaluation label and q
    the vote shares, values on the ``num_images`` with an evaluation label:

    - ``ece``, ``ece_mass``, ``ece_classwise``, ``mce``: calibration errors
      with bins of equal width, of equal mass, per class, and the largest gap;
    - ``nll``, mean of -ln p_y in nats; ``brier``, mean of the summed squared
      errors, in [0, 2];

    and on the ``num_images_with_votes``:

    - ``ece_soft``: the outcome is ``q_yhat``, the probability that a random
      annotator agrees; ``accuracy_soft`` is its mean;
    - ``brier_soft``, ``tv``, ``kl`` (KL(q || p)), ``js``: distance of p from
      q;
    - ``entropy_error``, H[p] - H[q] in nats (positive: the model sees more
      ambiguity than people), and ``entropy_error_absolute``;
    - ``ranking_score`` and ``top2_agreement``, shares of images on which the
      classes are ordered, and the first two chosen, as by the votes.

    Means have percentile bootstrap intervals over images (``..._low``,
    ``..._high``), ``ece`` and ``ece_soft`` those of
    :func:`~.mean_bootstrap.reflected_interval`. Details repeat what has an
    interval by quartile of the vote entropy (``..._q1`` for the clearest
    faces to ``..._q4``), and ``ece``, ``nll`` and ``brier`` for the corrupted
    copies of each severity (``..._sevS``). Quarters are chosen by the votes,
    which the outcome is made of: within one, not even a perfect predictor has
    an error of 0.

    Both views are needed: against majority labels, a predictor that answers
    exactly as people vote looks under-confident (Baan et al., EMNLP 2022).

    Args:
        table (PredictionTable): R rows.
        num_bins (int): Bins of the calibration errors.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        Report: Floats with stable keys; what has no data is left out, with
        the reason in the notes.

    Raises:
        ValueError: If there are less than one bin or replicate.
    """
    check_num_bins(num_bins)
    report = Report()
    clean = table.clean()
    quartile = vote_quartiles(clean.vote_entropy())
    for part in (_HARD, _SOFT):
        rows = part.has(clean)
        report.values[part.key] = float(rows.sum())
        if not rows.any():
            report.notes[f'ece{part.suffix}'] = part.reason
            continue
        measures = part.measure(clean.select(rows))
        _write(measures, num_bins, num_resamples, seed, report)
        for q in range(1, 5):
            _write_group(measures.select(quartile[rows] == q), num_bins,
                         f'q{q}', report)
    labelled = _HARD.has(clean)
    if labelled.any():
        _write_binned(clean.select(labelled), num_bins, report)
    _write_severities(table, num_bins, report)
    return report


def reliability_diagrams(table: PredictionTable,
                         num_bins: int = NUM_BINS) -> dict[str, Reliability]:
    """Bin the confidence of clean images, against labels and against votes.

    Args:
        table (PredictionTable): R rows.
        num_bins (int): Bins of equal width.

    Returns:
        dict[str, Reliability]: 'hard', where the outcome is the accuracy,
        and 'soft', where it is the vote share of the predicted class; what
        has no data is left out.
    """
    clean = table.clean()
    edges = equal_width_edges(num_bins)
    out = {}
    for name, part in (('hard', _HARD), ('soft', _SOFT)):
        rows = part.has(clean)
        if rows.any():
            measures = part.measure(clean.select(rows))
            out[name] = reliability(measures.confidence, measures.outcome,
                                    edges)
    return out


class _Part(NamedTuple):
    """One view of calibration: which rows it needs, what it measures."""

    suffix: str
    key: str
    has: Callable[[PredictionTable], np.ndarray]
    measure: Callable[[PredictionTable], CalibrationMeasures]
    reason: str


_HARD = _Part('', 'num_images', lambda table: table.eval_label >= 0,
              hard_measures, NO_LABELS)
_SOFT = _Part('_soft', 'num_images_with_votes', lambda table: table.voted,
              soft_measures, NO_VOTES)


def _write(measures: CalibrationMeasures, num_bins: int, num_resamples: int,
           seed: int, report: Report) -> None:
    report.values.update(measures.summary(num_bins))
    for name, interval in measures.intervals(num_bins, num_resamples,
                                             seed).items():
        report.values.update({f'{name}_low': interval.low,
                              f'{name}_high': interval.high})


def _write_group(measures: CalibrationMeasures, num_bins: int, group: str,
                 report: Report) -> None:
    """Add the means over a group of images, if it has any."""
    size = len(measures.outcome)
    if size:
        report.details[f'num_images{measures.suffix}_{group}'] = float(size)
        report.details.update({
            f'{name}_{group}': value
            for name, value in measures.summary(num_bins).items()
        })


def _write_binned(table: PredictionTable, num_bins: int,
                  report: Report) -> None:
    """Add the errors that other ways to bin give."""
    measures = hard_measures(table)
    confidence, outcome = measures.confidence, measures.outcome
    report.values.update(
        ece_mass=reliability(
            confidence, outcome,
            equal_mass_edges(confidence, num_bins)).expected_error,
        ece_classwise=classwise_error(table.mean_scores, table.eval_label,
                                      num_bins),
        mce=reliability(confidence, outcome,
                        equal_width_edges(num_bins)).maximum_error)


def _write_severities(table: PredictionTable, num_bins: int,
                      report: Report) -> None:
    """Add the corrupted copies that have an evaluation label."""
    labelled = _HARD.has(table) & ~table.is_clean
    for severity in np.unique(table.severity[labelled]):
        rows = labelled & (table.severity == severity)
        _write_group(hard_measures(table.select(rows)), num_bins,
                     f'sev{severity}', report)
