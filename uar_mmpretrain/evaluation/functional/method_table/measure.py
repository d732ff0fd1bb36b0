"""All figures of one method, with bootstrap replicates to compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from typing import Callable

import numpy as np

from .. import (
    NO_EPISTEMIC,
    Estimate,
    PredictionTable,
    RoutingComparison,
    uncertainty_scores,
)
from .clean_figures import (
    label_figures,
    ordering_figures,
    rank_figures,
    vote_figures,
)
from .compared_rows import ComparedRows
from .shift_figures import (
    ambiguous_auroc,
    one_router,
    retention,
    shift_figures,
)

EPISTEMIC, TOTAL, ALEATORIC = 'epistemic', 'total', 'aleatoric'
NOT_MEASURED = 'not measured'
# Keys, and what computes them or says in a ValueError why there are none.
_Part = tuple[Sequence[str], Callable[[], 'dict[str, Estimate]']]


@dataclass(frozen=True)
class MethodCosts:
    """What a method costs; None where it was not measured.

    Args:
        train_seconds (float | None): Time in training iterations.
        train_epochs (float | None): Epochs of all its networks.
        forward_passes (float | None): Network evaluations per test image.
        milliseconds (float | None): Test time per image.
    """

    train_seconds: float | None = None
    train_epochs: float | None = None
    forward_passes: float | None = None
    milliseconds: float | None = None


@dataclass(frozen=True, eq=False)
class MethodFigures:
    """One method, measured.

    Args:
        name (str): The method.
        rows (ComparedRows): What it was tested on.
        estimates (dict[str, Estimate]): Figures by key of the column.
        reasons (dict[str, str]): Why the others are missing.
        score (str): Score that rejects.
        aleatoric (str): Score that is compared with votes.
        trainings (int): Trainings the figures are means over.
        spread (Mapping[str, float]): Standard deviation over trainings, by
            key of the column.
    """

    name: str
    rows: ComparedRows
    estimates: dict[str, Estimate]
    reasons: dict[str, str]
    score: str = EPISTEMIC
    aleatoric: str = ALEATORIC
    trainings: int = 1
    spread: Mapping[str, float] = field(default_factory=dict)


def measure_method(name: str,
                   table: PredictionTable,
                   kind: str = 'entropy',
                   score: str = EPISTEMIC,
                   aleatoric: str = ALEATORIC,
                   costs: MethodCosts | None = None,
                   severity: int = 5,
                   num_resamples: int = 2000,
                   seed: int = 0) -> MethodFigures:
    """Measure a method for :func:`.compare_methods`.

    Args:
        name (str): The method.
        table (PredictionTable): R rows of its test.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        score (str): Score that rejects, see :func:`.uncertainty_scores`.
        aleatoric (str): Score that is compared with votes.
        costs (MethodCosts | None): What it costs.
        severity (int): Severity of the copies routing is judged on.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        MethodFigures: Figures by column; what has no data is left out, with
        the reason.

    Raises:
        ValueError: If there is no score of one of the names.
    """
    scores = uncertainty_scores(table, kind)
    missing = {score, aleatoric} - {EPISTEMIC, *scores}
    if missing:
        raise ValueError(
            f'{name}: there is no score {min(missing)!r}; its predictions '
            f'have {list(scores)}. Correct the `score` of a metric in the '
            'config, or delete its test folder to test it again.')
    estimates = {key: Estimate(value, np.empty(0)) for key, value
                 in asdict(costs or MethodCosts()).items()
                 if value is not None}
    reasons = dict.fromkeys(asdict(MethodCosts()), NOT_MEASURED)
    for keys, compute in _parts(table, scores, score, aleatoric, severity,
                                num_resamples, seed):
        try:
            estimates.update(compute())
        except ValueError as error:
            reasons.update(dict.fromkeys(keys, str(error)))
    return MethodFigures(name, ComparedRows.of(name, table), estimates,
                         {key: reason for key, reason in reasons.items()
                          if key not in estimates}, score, aleatoric)


def _parts(table: PredictionTable, scores: Mapping[str, np.ndarray],
           score: str, aleatoric: str, severity: int,
           num_resamples: int, seed: int) -> Iterator[_Part]:
    """List what is measured, each part on its own."""
    drawn = dict(num_resamples=num_resamples, seed=seed)
    clean = table.clean()
    on_clean = {name: one[table.is_clean] for name, one in scores.items()}
    yield (('accuracy', 'f1_macro', 'nll', 'ece'),
           partial(label_figures, clean, **drawn))
    yield ('kl', 'ece_soft'), partial(vote_figures, clean, **drawn)
    yield (('rho', 'rho_of_ceiling'),
           partial(rank_figures, clean, on_clean[aleatoric], **drawn))
    yield ('aurc', ), partial(ordering_figures, clean, on_clean[TOTAL],
                              **drawn)
    severities = np.unique(table.severity[~table.is_clean])
    shift = ['auroc_mean', 'auroc_strongest',
             *(f'auroc_sev{one}' for one in severities)]
    routing = dict(auroc_ambiguous=ambiguous_auroc, retention=retention)
    for name, suffix in ((score, ''), (TOTAL, '_total')):
        if name not in scores:
            yield [f'{key}{suffix}' for key in (*shift, *routing)], _refuse
            continue
        yield ([f'{key}{suffix}' for key in shift],
               partial(_suffixed, suffix, partial(
                   shift_figures, table, scores[name], **drawn)))
        router = lru_cache(None)(partial(one_router, table, scores[name],
                                         severity, **drawn))
        for key, figure in routing.items():
            yield [f'{key}{suffix}'], partial(
                _named, f'{key}{suffix}', figure, router)


def _named(key: str, figure: Callable[[RoutingComparison], Estimate],
           router: Callable[[], RoutingComparison]) -> dict[str, Estimate]:
    return {key: figure(router())}


def _suffixed(suffix: str, compute: Callable[[], dict[str, Estimate]]
              ) -> dict[str, Estimate]:
    return {f'{key}{suffix}': one for key, one in compute().items()}


def _refuse() -> dict[str, Estimate]:
    raise ValueError(NO_EPISTEMIC)
