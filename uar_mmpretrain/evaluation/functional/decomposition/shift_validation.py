"""Each score against shift: corrupted copies of the same images."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..prediction_table import PredictionTable
from ..report import Report
from ..scores import ALEATORIC, EPISTEMIC, NO_EPISTEMIC, PARTS
from ..statistics.estimate import Estimate
from .rank_correlations import RankCorrelations
from .shift_detection import ShiftDetection, corrupted_groups, shift_detection

# Correlations over all copies of all images: each replicate ranks them anew.
ROW_RESAMPLES = 200
_SHIFT = 'corrupted or not'


def validate_shift(table: PredictionTable, scores: Mapping[str, np.ndarray],
                   num_resamples: int, seed: int) -> Report:
    """Tell corrupted from clean images by each score.

    Values, U a part of the uncertainty or their total: ``auroc_U_sevS``,
    the mean over corruptions at severity S. Details: the same for further
    scores, ``auroc_U_<corruption>_sevS``, and the paired differences
    ``auroc_epistemic_minus_U_sevS``.

    Args:
        table (PredictionTable): R rows.
        scores (Mapping[str, np.ndarray]): ``(R,)`` scores by name.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        Report: Values and details. Ties count one half, so that a constant
        score has 0.5 everywhere, like a random one.

    Raises:
        ValueError: If there are no clean or no corrupted rows.
    """
    found = shift_detection(table, scores, num_resamples, seed)
    report = Report()
    for name, result in found.items():
        target = report.values if name in PARTS else report.details
        for severity, mean in zip(result.severities, result.estimates):
            target.update(mean.named(f'auroc_{name}_sev{severity}'))
        report.details.update(_by_corruption(name, result))
        if EPISTEMIC in found and name != EPISTEMIC:
            for severity, ours, other in zip(
                    result.severities, found[EPISTEMIC].estimates,
                    result.estimates):
                report.details.update((ours - other).named(
                    f'auroc_{EPISTEMIC}_minus_{name}_sev{severity}'))
    return report


def validate_shift_given(table: PredictionTable,
                         scores: Mapping[str, np.ndarray],
                         num_resamples: int, seed: int) -> Report:
    """Say what each part knows of shift that the other one does not.

    Details: ``spearman_epistemic_shift_given_aleatoric_sevS`` and
    ``spearman_aleatoric_shift_given_epistemic_sevS``, partial rank
    correlations with being corrupted, over the clean images and the copies
    of one corruption, then the mean over corruptions.

    Args:
        table (PredictionTable): R rows.
        scores (Mapping[str, np.ndarray]): ``(R,)`` scores by name.
        num_resamples (int): Bootstrap replicates; at most 200 are used.
        seed (int): Seed of the bootstrap.

    Returns:
        Report: Details only.

    Raises:
        ValueError: If there is no epistemic part, there are no clean or no
            corrupted rows, or a part is constant.
    """
    if EPISTEMIC not in scores:
        raise ValueError(NO_EPISTEMIC)
    clean = np.flatnonzero(table.is_clean)
    images, image = np.unique(table.image_id, return_inverse=True)
    partial: dict[str, list[Estimate]] = {}
    for (severity, _), rows in corrupted_groups(table).items():
        both = np.concatenate([clean, rows])
        pairs = RankCorrelations(
            {ALEATORIC: scores[ALEATORIC][both],
             EPISTEMIC: scores[EPISTEMIC][both],
             _SHIFT: ~table.is_clean[both]},
            min(num_resamples, ROW_RESAMPLES), seed, image[both],
            len(images))
        for name, given in ((EPISTEMIC, ALEATORIC), (ALEATORIC, EPISTEMIC)):
            key = f'spearman_{name}_shift_given_{given}_sev{severity}'
            partial.setdefault(key, []).append(
                pairs.partial(name, _SHIFT, given))
    report = Report()
    for key, estimates in partial.items():
        mean = Estimate(float(np.mean([e.value for e in estimates])),
                        np.mean([e.replicates for e in estimates], axis=0))
        report.details.update(mean.named(key))
    return report


def _by_corruption(name: str, result: ShiftDetection) -> dict[str, float]:
    """Return the AUROC of each corruption that was tested."""
    return {
        f'auroc_{name}_{corruption}_sev{severity}': float(value)
        for severity, row in zip(result.severities, result.auroc)
        for corruption, value in zip(result.corruptions, row)
        if not np.isnan(value)
    }
