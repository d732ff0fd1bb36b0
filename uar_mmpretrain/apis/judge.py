"""Member scores and a router -> decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from ..routing import Action, Router
from ..uncertainty import decompose
from .decision import Decision, make_decision
from .inputs import Item
from .reasons import Thresholds


def judge(items: Sequence[Item],
          member_scores: np.ndarray,
          classes: Sequence[str],
          router: Router | None = None,
          kind: str = 'entropy',
          channels: Mapping[str, np.ndarray] | None = None
          ) -> list[Decision]:
    """Decide about N images from what a model says of them.

    Args:
        items (Sequence[Item]): N images, for their names.
        member_scores (np.ndarray): ``(N, M, C)`` probabilities.
        classes (Sequence[str]): C class names.
        router (Router | None): Without one there are no actions.
        kind (str): Decomposition where there is no router.
        channels (Mapping[str, np.ndarray] | None): ``(N,)`` further scores
            by name.

    Returns:
        list[Decision]: N decisions.

    Raises:
        KeyError, ValueError: As :meth:`Router.route` raises.
    """
    count = len(member_scores)
    nothing: list[Any] = [None] * count
    if router is None:
        parts = decompose(member_scores, kind)
        means, scores, actions, thresholds = nothing, nothing, nothing, None
    else:
        parts = router.decompose(member_scores)
        means = list(router.temperature.distribution(member_scores))
        scores = router.rejection_score(parts, channels).tolist()
        actions = [Action(one).name for one in router.route(parts, channels)]
        thresholds = Thresholds(router.tau_epistemic, router.tau_aleatoric,
                                router.score)
    epistemic = (parts.epistemic.tolist() if parts.has_epistemic else nothing)
    rows = zip(items, member_scores, parts.total.tolist(),
               parts.aleatoric.tolist(), epistemic, scores, actions, means)
    return [
        make_decision(item, classes, members, (total, aleatoric, disagreement),
                      score, action, thresholds, mean)
        for (item, members, total, aleatoric, disagreement, score, action,
             mean) in rows
    ]


def judge_samples(items: Sequence[Item],
                  samples: Sequence[Any],
                  classes: Sequence[str],
                  router: Router | None = None,
                  kind: str = 'entropy') -> list[Decision]:
    """Decide about N predictions of a model.

    Args:
        items (Sequence[Item]): N images, for their names.
        samples (Sequence[DataSample]): N predictions with ``member_scores``
            ``(M, C)``, or else ``pred_score`` ``(C,)``; fitted ``channels``
            where the router needs one.
        classes (Sequence[str]): See :func:`judge`.
        router (Router | None): See :func:`judge`.
        kind (str): See :func:`judge`.

    Returns:
        list[Decision]: N decisions.

    Raises:
        KeyError, ValueError: As :func:`judge` raises.
    """
    members = [sample.member_scores if 'member_scores' in sample
               else sample.pred_score[None] for sample in samples]
    names = samples[0].get('channels') or ()
    channels = {name: np.array([sample.channels[name] for sample in samples])
                for name in names}
    return judge(items, torch.stack(members).float().cpu().numpy(), classes,
                 router, kind, channels)
