"""What the routing actions do to ambiguous, clear and corrupted images."""

from __future__ import annotations

import numpy as np

from ...routing import Action
from .prediction_table import PredictionTable
from .report import Report
from .votes import ambiguous_faces, vote_entropy


def action_report(table: PredictionTable,
                  severity: int = 5,
                  ambiguous_quantile: float = 0.75) -> Report:
    """Count the actions of a routed table.

    Values: ``accuracy_accept`` on the accepted clean images that have an
    evaluation label; ``report_precision`` and ``report_recall`` of REPORT
    against the ambiguous faces; and the confusion table
    ``<set>_<action>``, shares of the set, for the sets ``ambiguous`` and
    ``clear`` (``clean`` where there are no votes) and ``corrupted`` (at
    ``severity``).

    Args:
        table (PredictionTable): R rows with actions.
        severity (int): Severity of the corrupted set.
        ambiguous_quantile (float): As in :func:`routing_report`.

    Returns:
        Report: Shares; sets without rows are left out.

    Raises:
        ValueError: If the table has no actions.
    """
    if table.action is None:
        raise ValueError('the predictions have no actions; test with a '
                         'router.json beside the checkpoint.')
    report = Report()
    sets = _sets(table, severity, ambiguous_quantile)
    for name, mask in sets.items():
        if mask.any():
            report.values.update({
                f'{name}_{action.name.lower()}':
                float((table.action[mask] == action).mean())
                for action in Action
            })
    _accepted(table, report)
    if 'ambiguous' in sets:
        _reported(table, sets, report)
    return report


def _sets(table: PredictionTable, severity: int,
          quantile: float) -> dict[str, np.ndarray]:
    clean = table.is_clean
    sets = {'corrupted': ~clean & (table.severity == severity)}
    voted = np.zeros(len(table), dtype=bool)
    if table.votes is not None:
        voted = clean & (table.votes.sum(1) > 0)
    if not voted.any():
        return {'clean': clean, **sets}
    ambiguous = np.zeros(len(table), dtype=bool)
    ambiguous[voted] = ambiguous_faces(vote_entropy(table.votes[voted]),
                                       quantile)[0]
    return {'ambiguous': ambiguous, 'clear': voted & ~ambiguous, **sets}


def _accepted(table: PredictionTable, report: Report) -> None:
    accepted = (table.is_clean & (table.eval_label >= 0)
                & (table.action == Action.ACCEPT))
    report.values['accuracy_accept_num_images'] = float(accepted.sum())
    if accepted.any():
        correct = table.mean_scores.argmax(1) == table.eval_label
        report.values['accuracy_accept'] = float(correct[accepted].mean())


def _reported(table: PredictionTable, sets: dict[str, np.ndarray],
              report: Report) -> None:
    reported = table.action == Action.REPORT
    ambiguous = sets['ambiguous']
    among = (reported & (ambiguous | sets['clear'])).sum()
    if among:
        report.values['report_precision'] = float(
            (reported & ambiguous).sum() / among)
    report.values['report_recall'] = float(reported[ambiguous].mean())
