"""Label distribution learning: predictions against vote distributions."""

from __future__ import annotations

import numpy as np

from ..prediction_table import PredictionTable
from ..report import NO_VOTES, Report
from ..statistics.mean_bootstrap import mean_replicates
from ..statistics.resampling import percentile_interval
from .distribution_distances import (
    canberra,
    chebyshev,
    clark,
    cosine_similarity,
    intersection,
    jensen_shannon,
    kl_divergence,
    vote_shares,
)

_MEASURES = dict(kl=kl_divergence, js=jensen_shannon, chebyshev=chebyshev,
                 clark=clark, canberra=canberra, cosine=cosine_similarity,
                 intersection=intersection)


def ldl_report(table: PredictionTable,
               num_resamples: int = 2000,
               seed: int = 0) -> Report:
    """Compare the mean scores of clean images with their vote shares.

    The six measures of Geng, "Label distribution learning", IEEE TKDE 2016,
    sec. 4, and the Jensen-Shannon divergence: ``kl`` (KL(votes || scores)),
    ``js``, ``chebyshev``, ``clark`` and ``canberra`` are 0 for equal
    distributions, ``cosine`` and ``intersection`` 1. Each is the mean over
    the ``num_images_with_votes`` with the 95% interval ``..._low``,
    ``..._high`` of the bootstrap over images. Votes are not smoothed. Clark
    and Canberra count every class without votes as a relative difference of
    1, however small its probability: read them beside the others.

    Args:
        table (PredictionTable): R rows.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        Report: Floats with stable keys; without votes only a note.
    """
    report = Report()
    rows = table.is_clean & table.voted
    report.values['num_images_with_votes'] = float(rows.sum())
    if not rows.any():
        report.notes['ldl'] = NO_VOTES
        return report
    chosen = table.select(rows)
    shares = vote_shares(np.asarray(chosen.votes))
    scores = chosen.mean_scores
    values = np.column_stack([measure(shares, scores)
                              for measure in _MEASURES.values()])
    drawn = mean_replicates(values, num_resamples, seed)
    for i, name in enumerate(_MEASURES):
        low, high = percentile_interval(drawn[:, i])
        report.values.update({name: float(values[:, i].mean()),
                              f'{name}_low': low, f'{name}_high': high})
    return report
