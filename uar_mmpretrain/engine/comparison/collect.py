"""Figures of all finished methods, from the predictions they left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Callable

from ...evaluation.functional import read_table
from ...evaluation.functional.method_table import (
    MethodCosts,
    MethodFigures,
    measure_members,
    measure_method,
)
from ...visualization import Results
from ...visualization.html_report import ReportRun
from ...visualization.html_report.run import find_predictions
from ...visualization.read_results import METRICS_FILE
from .costs import inference_cost, training_cost
from .runner import Outcome


def collect_figures(
    outcomes: Sequence[Outcome],
    num_resamples: int = 2000,
    seed: int = 0,
    tell: Callable[[str], None] = print
) -> tuple[list[MethodFigures], dict[str, str]]:
    """Measure what is finished.

    Args:
        outcomes (Sequence[Outcome]): From :func:`.run_methods`.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.
        tell (Callable[[str], None]): Gets a line per method.

    Returns:
        tuple[list[MethodFigures], dict[str, str]]: Methods that can be
        compared, and why the others cannot. A method tested on other images
        than the first finished one is among the others.
    """
    figures: list[MethodFigures] = []
    failures = {}
    by_name = {outcome.method.name: outcome for outcome in outcomes}
    for outcome in outcomes:
        name = outcome.method.name
        if outcome.error:
            failures[name] = outcome.error
            continue
        tell(f'{name}: measured')
        try:
            one = _measure(outcome, by_name, num_resamples, seed)
            if figures:
                figures[0].rows.check_same(one.rows)
        except (KeyError, OSError, ValueError) as error:
            failures[name] = str(error)
        else:
            figures.append(one)
    return figures, failures


def collect_runs(outcomes: Sequence[Outcome],
                 names: Sequence[str]) -> list[ReportRun]:
    """Read tests for the report, as they are on disk.

    Args:
        outcomes (Sequence[Outcome]): From :func:`.run_methods`.
        names (Sequence[str]): Methods to read.

    Returns:
        list[ReportRun]: One per name.
    """
    runs = []
    for outcome in outcomes:
        if outcome.method.name in names:
            source = find_predictions(outcome.folder)
            runs.append(ReportRun(
                outcome.method.name, read_table(source),
                Results.load(source.with_name(METRICS_FILE)), source))
    return runs


def _measure(outcome: Outcome, by_name: Mapping[str, Outcome],
             num_resamples: int, seed: int) -> MethodFigures:
    source = find_predictions(outcome.folder)
    results = Results.load(source.with_name(METRICS_FILE))
    table = read_table(source)
    costs = MethodCosts(
        forward_passes=outcome.passes,
        **training_cost(outcome.trained_in),
        **inference_cost(outcome.folder, len(table), outcome.batch_size))
    scores, weights = outcome.scores, outcome.method.weights
    measure: Callable[..., MethodFigures] = measure_method
    if weights is not None and weights.all_members:
        # The ensemble's test has the predictions of every member.
        measure, ensemble = measure_members, by_name[weights.method]
        if ensemble.error:
            raise ValueError(f'needs the test of {weights.method}: '
                             f'{ensemble.error}')
        table = read_table(find_predictions(ensemble.folder))
    return measure(
        outcome.method.name, table, kind=results.kind,
        score=scores.rejecting, aleatoric=scores.aleatoric, costs=costs,
        severity=scores.severity, num_resamples=num_resamples, seed=seed)
