"""The single scores that are compared, all higher for more uncertain."""

from __future__ import annotations

import numpy as np

from .prediction_table import PredictionTable

EPISTEMIC = 'epistemic'
TOTAL = 'total'
ALEATORIC = 'aleatoric'
PARTS = (EPISTEMIC, TOTAL, ALEATORIC)
LEAST_CONFIDENCE = 'least_confidence'

# Members that agree exactly differ by this much in double precision; ranks
# must see ties there, not noise.
_ROUND_OFF = 1e-12

NO_EPISTEMIC = ('one member has no epistemic uncertainty; test an ensemble '
                'or several stochastic passes')


def uncertainty_scores(table: PredictionTable,
                       kind: str = 'entropy') -> dict[str, np.ndarray]:
    """Score every row of a table.

    Args:
        table (PredictionTable): R rows.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.

    Returns:
        dict[str, np.ndarray]: ``(R,)`` arrays: 'epistemic' (left out for a
        single member), 'total', 'aleatoric' (nats for the kind 'entropy'),
        'least_confidence', ``1 - max p`` of the mean, and the table's own
        channels.
    """
    parts = table.decompose(kind)
    scores = {}
    if parts.has_epistemic:
        scores[EPISTEMIC] = np.where(
            np.abs(parts.epistemic) < _ROUND_OFF, 0., parts.epistemic)
    scores[TOTAL] = parts.total
    scores[ALEATORIC] = parts.aleatoric
    scores[LEAST_CONFIDENCE] = 1 - table.mean_scores.max(1)
    return {**scores, **table.channels}
