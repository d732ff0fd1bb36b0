"""Dual validation: aleatoric against votes, epistemic against shift."""

from __future__ import annotations

from typing import Callable

import numpy as np

from .correlation import RankCorrelation, spearman
from .noise_ceiling import vote_ceiling
from .prediction_table import PredictionTable
from .report import Report
from .scores import (
    ALEATORIC,
    EPISTEMIC,
    NO_EPISTEMIC,
    TOTAL,
    uncertainty_scores,
)
from .shift_detection import ShiftDetection, shift_detection

# An interval of a mean AUROC settles sooner than that of a correlation.
_SHIFT_RESAMPLES = 2000
_NO_VOTES = ('no image has votes; the aleatoric part is validated by the '
             'entropy of annotator votes')


def decomposition_report(table: PredictionTable,
                         kind: str = 'entropy',
                         num_resamples: int = 10_000,
                         seed: int = 0) -> Report:
    """Validate both parts of the uncertainty against outside signals.

    The whole 2 x 2 is filled (each part against votes and against shift),
    with total uncertainty beside it, so that a reader sees whether the parts
    are specific. Values, U one of epistemic, total, aleatoric:

    - ``accuracy`` (a share) on ``accuracy_num_images`` clean images that
      have an evaluation label; ``num_images``, ``num_members``;
    - ``spearman_aleatoric`` against vote entropy on ``num_images_with_votes``
      clean images with its 95% interval ``..._low``, ``..._high``;
      ``vote_ceiling``, the correlation a perfect model would reach, and
      ``spearman_aleatoric_of_ceiling``;
    - ``auroc_U_sevS``, mean over corruptions at severity S, with the
      interval of the bootstrap over images.

    Details add the other correlations, the closed-form interval and one
    AUROC per corruption, ``auroc_U_<corruption>_sevS``.

    Args:
        table (PredictionTable): R rows.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        num_resamples (int): Bootstrap replicates of the correlations; the
            AUROCs use at most 2 000.
        seed (int): Seed of everything random.

    Returns:
        Report: Floats with stable keys. Parts the table has no data for are
        left out, with the reason in the notes.
    """
    scores = uncertainty_scores(table, kind)
    scores = {name: scores[name] for name in (EPISTEMIC, TOTAL, ALEATORIC)
              if name in scores}
    report = Report()
    if EPISTEMIC not in scores:
        report.notes['epistemic'] = NO_EPISTEMIC
    parts: dict[str, Callable[[], None]] = {
        'accuracy': lambda: _accuracy(table, report),
        'votes': lambda: _votes(table, scores, num_resamples, seed, report),
        'vote_ceiling': lambda: _ceiling(table, seed, report),
        'parts': lambda: _between_parts(table, scores, report),
        'shift': lambda: _shift(table, scores,
                                min(num_resamples, _SHIFT_RESAMPLES), seed,
                                report),
    }
    for name, part in parts.items():
        try:
            part()
        except ValueError as error:
            report.notes[name] = str(error)
    return report


def _accuracy(table: PredictionTable, report: Report) -> None:
    clean = table.is_clean
    report.values.update(num_images=float(clean.sum()),
                         num_members=float(table.num_members))
    judged = clean & (table.eval_label >= 0)
    if not judged.any():
        raise ValueError('no clean image has an evaluation label')
    correct = table.mean_scores.argmax(1) == table.eval_label
    report.values.update(accuracy=float(correct[judged].mean()),
                         accuracy_num_images=float(judged.sum()))


def _votes(table: PredictionTable, scores: dict[str, np.ndarray],
           num_resamples: int, seed: int, report: Report) -> None:
    voted = table.is_clean & table.voted
    if not voted.any():
        raise ValueError(_NO_VOTES)
    entropy = table.vote_entropy()[voted]
    report.values['num_images_with_votes'] = float(voted.sum())
    for name, score in scores.items():
        result = spearman(score[voted], entropy, num_resamples, seed)
        target = report.values if name == ALEATORIC else report.details
        _write_correlation(f'spearman_{name}', result, target, report)


def _write_correlation(key: str, result: RankCorrelation,
                       target: dict[str, float], report: Report) -> None:
    target.update({key: result.rho, f'{key}_low': result.interval.low,
                   f'{key}_high': result.interval.high})
    report.details.update({
        f'{key}_closed_form_low': result.closed_form.low,
        f'{key}_closed_form_high': result.closed_form.high
    })


def _ceiling(table: PredictionTable, seed: int, report: Report) -> None:
    if table.votes is None:
        raise ValueError(_NO_VOTES)
    ceiling = vote_ceiling(table.votes[table.is_clean & table.voted],
                           seed=seed)
    report.values['vote_ceiling'] = ceiling.ceiling
    report.details['vote_split_half'] = ceiling.half
    rho = report.values.get('spearman_aleatoric')
    if rho is not None:
        report.values['spearman_aleatoric_of_ceiling'] = rho / ceiling.ceiling


def _between_parts(table: PredictionTable, scores: dict[str, np.ndarray],
                   report: Report) -> None:
    """Correlate the two parts with each other: are they separate at all?"""
    if EPISTEMIC not in scores:
        raise ValueError(NO_EPISTEMIC)
    clean = table.is_clean
    for where, mask in (('clean', clean), ('corrupted', ~clean)):
        if mask.any():
            result = spearman(scores[ALEATORIC][mask],
                              scores[EPISTEMIC][mask], num_resamples=1)
            report.details[f'spearman_aleatoric_epistemic_{where}'] = \
                result.rho


def _shift(table: PredictionTable, scores: dict[str, np.ndarray],
           num_resamples: int, seed: int, report: Report) -> None:
    for name, result in shift_detection(table, scores, num_resamples,
                                        seed).items():
        _write_shift(name, result, report)


def _write_shift(name: str, result: ShiftDetection, report: Report) -> None:
    for i, severity in enumerate(result.severities):
        key = f'auroc_{name}_sev{severity}'
        report.values.update({key: float(result.mean[i]),
                              f'{key}_low': float(result.low[i]),
                              f'{key}_high': float(result.high[i])})
        for corruption, value in zip(result.corruptions, result.auroc[i]):
            if not np.isnan(value):
                report.details[f'auroc_{name}_{corruption}_sev{severity}'] \
                    = float(value)
