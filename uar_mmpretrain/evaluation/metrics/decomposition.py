"""Dual validation as a metric."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmpretrain.registry import METRICS

from ..functional import PredictionTable, Report, decomposition_report
from ..functional.scores import ALEATORIC
from .member_scores import MemberScoresMetric


@METRICS.register_module()
class DecompositionMetric(MemberScoresMetric):
    """Aleatoric against annotator votes, epistemic against shift.

    See :func:`~uar_mmpretrain.evaluation.functional.decomposition_report`
    for the values; their names start with ``decomposition/``.

    Args:
        kind (str): Decomposition, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.
        vote_policy (str | None): Which images count and how their votes
            became labels, kept with the results: a correlation with votes
            means nothing without. By default what the data set says of
            itself.
        score (str): Score that stands for the aleatoric part where methods
            are compared (``tools/compare.py``): 'aleatoric', or a channel of
            the predictions. The values here are of all scores.
        **kwargs: As in mmengine's ``BaseMetric``.
    """

    default_prefix = 'decomposition'

    def __init__(self,
                 kind: str = 'entropy',
                 num_resamples: int = 10_000,
                 seed: int = 0,
                 vote_policy: str | None = None,
                 score: str = ALEATORIC,
                 **kwargs: Any) -> None:
        super().__init__(kind, **kwargs)
        self.num_resamples = num_resamples
        self.seed = seed
        self.vote_policy = vote_policy
        self.score = score

    @property
    def settings(self) -> dict[str, Any]:
        """Arguments of the report, and the rule of the votes behind it."""
        policy = self.vote_policy or _vote_policy(self.dataset_meta or {})
        return dict(kind=self.kind, num_resamples=self.num_resamples,
                    seed=self.seed, vote_policy=policy, score=self.score)

    def report(self, table: PredictionTable) -> Report:
        """Validate the decomposition of a table."""
        return decomposition_report(table, self.kind, self.num_resamples,
                                    self.seed)


def _vote_policy(meta: Mapping[str, Any]) -> str | None:
    """Put the label rule of a data set and what it left out in words."""
    if 'label_rule' not in meta:
        return None
    policy = (f'votes for {len(meta["classes"])} classes, images by label '
              f'rule {meta["label_rule"]!r}')
    if 'num_kept' in meta and 'num_named' in meta:
        policy += f' ({meta["num_kept"]:,} of {meta["num_named"]:,})'
    return policy
