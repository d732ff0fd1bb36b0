"""How much the two parts of the uncertainty say the same."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..prediction_table import PredictionTable
from ..report import Report
from ..scores import ALEATORIC, EPISTEMIC, NO_EPISTEMIC
from ..statistics.correlation import pearson
from .rank_correlations import RankCorrelations
from .shift_validation import ROW_RESAMPLES


def associate_parts(table: PredictionTable, scores: Mapping[str, np.ndarray],
                    num_resamples: int, seed: int) -> Report:
    """Correlate aleatoric with epistemic uncertainty.

    Parts that rank images alike are one score under two names (Mucsanyi,
    Kirchhof and Oh, arXiv 2402.19460). Details:
    ``spearman_aleatoric_epistemic_W`` and ``pearson_aleatoric_epistemic_W``
    over the rows W: clean, corrupted, pooled.

    Args:
        table (PredictionTable): R rows.
        scores (Mapping[str, np.ndarray]): ``(R,)`` scores by name.
        num_resamples (int): Bootstrap replicates over images; at most 200
            for rank correlations of corrupted rows.
        seed (int): Seed of the bootstrap.

    Returns:
        Report: Details; rows there are none of, or in which a part is
        constant, are left out with a note.

    Raises:
        ValueError: If there is no epistemic part.
    """
    if EPISTEMIC not in scores:
        raise ValueError(NO_EPISTEMIC)
    report = Report()
    rows = dict(clean=table.is_clean)
    if not table.is_clean.all():
        rows.update(corrupted=~table.is_clean,
                    pooled=np.ones(len(table), dtype=bool))
    for where, mask in rows.items():
        try:
            report.details.update(_associate(
                where, table.image_id[mask],
                {name: scores[name][mask] for name in (ALEATORIC, EPISTEMIC)},
                num_resamples, seed))
        except ValueError as error:
            report.notes[f'parts_{where}'] = str(error)
    return report


def _associate(where: str, image_id: np.ndarray,
               scores: dict[str, np.ndarray], num_resamples: int,
               seed: int) -> dict[str, float]:
    images, image = np.unique(image_id, return_inverse=True)
    # More rows than images: copies.
    ranked = (num_resamples if len(images) == len(image) else
              min(num_resamples, ROW_RESAMPLES))
    pairs = RankCorrelations(scores, ranked, seed, image, len(images))
    linear = pearson(scores[ALEATORIC], scores[EPISTEMIC], num_resamples,
                     seed, image)
    key = f'{ALEATORIC}_{EPISTEMIC}_{where}'
    return {**pairs.between(ALEATORIC, EPISTEMIC).named(f'spearman_{key}'),
            **linear.named(f'pearson_{key}')}
