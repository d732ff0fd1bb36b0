"""Against the truth: drawn faces have a known label distribution."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..prediction_table import PredictionTable
from ..report import Report
from ..scores import ALEATORIC, TOTAL
from ..statistics.correlation import pearson, spearman
from ..statistics.estimate import Estimate
from ..statistics.mean_bootstrap import mean_replicates
from ..votes import vote_entropy

VOTE_ENTROPY = 'vote_entropy'
NO_TRUTH = 'the true label distribution is known for drawn faces only'


def truth_report(table: PredictionTable, scores: Mapping[str, np.ndarray],
                 in_nats: bool, num_resamples: int, seed: int) -> Report:
    """Compare uncertainty with the entropy of the true distribution.

    U is one of aleatoric, total, and vote_entropy, the entropy of the few
    votes that a real data set would be validated by. Values:
    ``spearman_aleatoric_truth`` and ``mae_aleatoric_truth``, the mean
    absolute error in nats. Details: ``spearman_U_truth``,
    ``pearson_U_truth``, ``mae_U_truth``, and ``bias_U_truth``, the mean of
    U minus the truth, in nats.

    Args:
        table (PredictionTable): R rows with ``truth``.
        scores (Mapping[str, np.ndarray]): ``(R,)`` scores by name.
        in_nats (bool): Whether the scores are entropies in nats; without,
            only correlations are meaningful.
        num_resamples (int): Bootstrap replicates over images.
        seed (int): Seed of the bootstrap.

    Returns:
        Report: Values and details of the clean rows.

    Raises:
        ValueError: If the truth is not known, or a score or the true
            entropy is constant.
    """
    if table.truth is None:
        raise ValueError(NO_TRUTH)
    clean = table.is_clean
    true = vote_entropy(table.truth[clean])
    report = Report()
    for name in (ALEATORIC, TOTAL):
        report.details.update(_agreement(name, scores[name][clean], true,
                                         in_nats, num_resamples, seed))
    voted = table.voted[clean]
    if voted.any():
        report.details.update(_agreement(
            VOTE_ENTROPY, table.vote_entropy()[clean][voted], true[voted],
            True, num_resamples, seed))
    for key in (f'spearman_{ALEATORIC}_truth', f'mae_{ALEATORIC}_truth'):
        for name in (key, f'{key}_low', f'{key}_high'):
            if name in report.details:
                report.values[name] = report.details.pop(name)
    return report


def _agreement(name: str, score: np.ndarray, true: np.ndarray,
               in_nats: bool, num_resamples: int,
               seed: int) -> dict[str, float]:
    """Return correlations and, in nats, errors of one score."""
    figures = {
        'spearman': spearman(score, true, num_resamples, seed).estimate,
        'pearson': pearson(score, true, num_resamples, seed)
    }
    if in_nats:
        error = np.stack([np.abs(score - true), score - true], axis=1)
        replicates = mean_replicates(error, num_resamples, seed)
        for k, key in enumerate(('mae', 'bias')):
            figures[key] = Estimate(float(error[:, k].mean()),
                                    replicates[:, k])
    return {key: value for figure, estimate in figures.items()
            for key, value in estimate.named(f'{figure}_{name}_truth').items()}
