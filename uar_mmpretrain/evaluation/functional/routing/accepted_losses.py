"""What is lost on the images a router does not reject."""

from __future__ import annotations

import numpy as np

from ....routing import Losses, Router
from ..prediction_table import PredictionTable

LOSSES = ('error', 'votes')


def accepted_losses(router: Router, table: PredictionTable,
                    loss: str) -> Losses:
    """Return the losses of the judged images that are not rejected.

    Args:
        router (Router): Its rejection threshold is applied.
        table (PredictionTable): R rows.
        loss (str): 'error', 0 or 1 by the evaluation label, images without
            one left out; or 'votes', one minus the vote share of the
            predicted class, images without votes left out.

    Returns:
        Losses: Of the rows that can be judged.
    """
    parts = router.decompose(table.member_scores)
    rejected = router.rejection_score(
        parts, table.channels) > router.tau_epistemic
    scores = table.member_scores.astype(np.float64)
    predicted = router.temperature.distribution(scores).argmax(1)
    if loss == 'error':
        judged = table.eval_label >= 0
        losses = (predicted != table.eval_label).astype(np.float64)
    else:
        judged = table.voted
        losses = 1 - _vote_share(table, predicted)
    kept = judged & ~rejected
    return Losses(parts.aleatoric[kept], losses[kept])


def _vote_share(table: PredictionTable, predicted: np.ndarray) -> np.ndarray:
    """Return the ``(R,)`` share of votes for a class, 0 without votes."""
    if table.votes is None:
        return np.zeros(len(table))
    chosen = np.take_along_axis(table.votes, predicted[:, None], 1)[:, 0]
    total = table.votes.sum(1)
    return np.divide(chosen, total, out=np.zeros(len(table)),
                     where=total > 0)
