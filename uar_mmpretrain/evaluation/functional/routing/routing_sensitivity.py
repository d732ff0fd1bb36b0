"""Does the result hang on what is called an ambiguous face?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..votes import ambiguous_faces, vote_entropy
from .held_out_figures import held_out_figures
from .routing_sets import RoutingRows

_QUANTILES = {'top_tercile': 2 / 3, 'top_quartile': 0.75, 'top_decile': 0.9}
_SHARES = {'share_up_to_50': 0.5, 'share_up_to_60': 0.6}


def ambiguity_definitions(votes: np.ndarray) -> dict[str, np.ndarray]:
    """Mark the ambiguous faces in each of the usual ways.

    Args:
        votes (np.ndarray): ``(N, C)`` counts, no row without votes.

    Returns:
        dict[str, np.ndarray]: ``(N,)`` masks: 'top_tercile', 'top_quartile'
        and 'top_decile' of the vote entropy, ties included, and
        'share_up_to_50' and '..._60', where no class has more than that
        percentage of the votes.
    """
    entropy = vote_entropy(votes)
    largest = votes.max(1) / votes.sum(1)
    return {
        **{name: ambiguous_faces(entropy, quantile)[0]
           for name, quantile in _QUANTILES.items()},
        **{name: largest <= share for name, share in _SHARES.items()}
    }


def sensitivity_details(ood_scores: Mapping[str, np.ndarray],
                        clean_scores: Mapping[str, np.ndarray],
                        rows: RoutingRows, rate: float) -> dict[str, float]:
    """Measure every score under every definition of ambiguous.

    Args:
        ood_scores (Mapping[str, np.ndarray]): ``(P,)`` scores of corrupted
            copies by name.
        clean_scores (Mapping[str, np.ndarray]): ``(Q,)`` scores of clean
            rows, same names.
        rows (RoutingRows): What the rows are.
        rate (float): Rejection rate.

    Returns:
        dict[str, float]: ``num_ambiguous_<definition>``, and for each score
        S ``retention_S_<definition>`` (held out) and
        ``auroc_ambiguous_S_<definition>``; a definition that takes in all
        faces or none has its number only.
    """
    found: dict[str, float] = {}
    for definition, ambiguous in ambiguity_definitions(
            rows.votes).items():
        found[f'num_ambiguous_{definition}'] = float(ambiguous.sum())
        if ambiguous.all() or not ambiguous.any():
            continue
        redefined = replace(rows.sets, ambiguous=ambiguous)
        for name, ood in ood_scores.items():
            found.update(held_out_figures(f'{name}_{definition}', ood,
                                          clean_scores[name], redefined,
                                          rate))
    return found
