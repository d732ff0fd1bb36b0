"""How good every score of one test is to reject by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...uncertainty import decompose
from .decomposition.rank_correlations import RankCorrelations
from .decomposition.shift_detection import shift_detection
from .prediction_table import PredictionTable
from .routing.routing_comparison import compare_routers
from .routing.routing_sets import routing_rows
from .scores import ALEATORIC, uncertainty_scores
from .statistics.estimate import Estimate
from .statistics.resampling import Interval

ONE_NETWORK = 'one_network'
RATES = (0.5, 0.8)


@dataclass(frozen=True, eq=False)
class ScoreFigures:
    """One score at one severity.

    Args:
        auroc (Estimate): Clean against corrupted images, mean over
            corruptions.
        by_corruption (dict[str, float]): The same for each corruption.
        auroc_ambiguous (float): Corrupted copies against ambiguous faces.
        ambiguous_interval (Interval): Its 95% interval.
        retention (tuple[float, ...]): Share of the ambiguous faces kept at
            each rejection rate.
    """

    auroc: Estimate
    by_corruption: dict[str, float]
    auroc_ambiguous: float
    ambiguous_interval: Interval
    retention: tuple[float, ...]

    @property
    def worst(self) -> tuple[str, float]:
        """The corruption with the lowest AUROC, and that AUROC."""
        return min(self.by_corruption.items(), key=lambda item: item[1])


@dataclass(frozen=True, eq=False)
class ChannelTable:
    """Every score of one test.

    Args:
        scores (dict[str, ScoreFigures]): By score.
        rates (tuple[float, ...]): Rejection rates of the retentions.
        severity (int): Severity of the corrupted copies.
        rho (Estimate): Spearman's correlation of aleatoric uncertainty and
            vote entropy on clean images; no score changes it.
        num_images (int): Clean images with votes.
        num_ambiguous (int): The ambiguous ones among them.
    """

    scores: dict[str, ScoreFigures]
    rates: tuple[float, ...]
    severity: int
    rho: Estimate
    num_images: int
    num_ambiguous: int


def channel_table(table: PredictionTable,
                  kind: str = 'entropy',
                  severity: int = 5,
                  rates: Sequence[float] = RATES,
                  num_resamples: int = 200,
                  seed: int = 0) -> ChannelTable:
    """Measure every score of a test in the same four ways.

    The figures are those of :func:`.decomposition_report` and
    :func:`.routing_report`, thresholds held out by image id as there.
    ``one_network``, the entropy of the first member alone, is added: it is
    what a single network trained on soft labels has to offer. A constant
    score is left out.

    Args:
        table (PredictionTable): R rows.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        severity (int): Severity of the corrupted copies.
        rates (Sequence[float]): Rejection rates of the retentions.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap and of the splits in halves.

    Returns:
        ChannelTable: Figures by score.

    Raises:
        ValueError: As :func:`.routing_rows` raises, or if the aleatoric part
            or the vote entropy is constant.
    """
    if severity not in table.severity:
        raise ValueError(f'no copies at severity {severity}; found the '
                         f'severities {np.unique(table.severity).tolist()}')
    table = table.select(table.is_clean | (table.severity == severity))
    rows = routing_rows(table, severity, seed=seed)
    scores = uncertainty_scores(table, kind)
    if table.num_members > 1:
        first = decompose(table.member_scores[:, :1].astype(np.float64))
        scores = {ONE_NETWORK: first.total, **scores}
    shift = shift_detection(table, scores, num_resamples, seed)
    routers = compare_routers(
        {name: score[rows.ood] for name, score in scores.items()},
        {name: score[rows.clean] for name, score in scores.items()},
        rows.sets, rates, rates[0], num_resamples, seed).routers
    rho = RankCorrelations(
        {ALEATORIC: scores[ALEATORIC][rows.clean],
         'votes': table.vote_entropy()[rows.clean]},
        num_resamples, seed).between(ALEATORIC, 'votes')
    figures = {
        name: ScoreFigures(
            shift[name].estimates[0],
            dict(zip(shift[name].corruptions, shift[name].auroc[0].tolist())),
            router.auroc, router.auroc_interval,
            tuple(router.retention.tolist()))
        for name, router in routers.items() if not router.is_constant
    }
    return ChannelTable(figures, tuple(rates), severity, rho,
                        len(rows.clean), int(rows.sets.ambiguous.sum()))
