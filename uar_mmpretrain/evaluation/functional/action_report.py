"""What the routing actions do to ambiguous, clear and corrupted images."""

from __future__ import annotations

import numpy as np

from ...routing import Action
from .prediction_table import PredictionTable
from .report import Report
from .votes import ambiguous_faces


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
    action = table.action
    if action is None:
        raise ValueError('the predictions have no actions; test with a '
                         'router.json beside the checkpoint.')
    report = Report()
    sets = _sets(table, severity, ambiguous_quantile)
    for name, mask in sets.items():
        if mask.any():
            report.values.update({
                f'{name}_{one.name.lower()}':
                float((action[mask] == one).mean())
                for one in Action
            })
    _accepted(table, action, report)
    if 'ambiguous' in sets:
        _reported(action, sets, report)
    return report


def _sets(table: PredictionTable, severity: int,
          quantile: float) -> dict[str, np.ndarray]:
    clean = table.is_clean
    sets = {'corrupted': ~clean & (table.severity == severity)}
    voted = clean & table.voted
    if not voted.any():
        return {'clean': clean, **sets}
    ambiguous, _ = ambiguous_faces(
        np.where(clean, table.vote_entropy(), np.nan), quantile)
    return {'ambiguous': ambiguous, 'clear': voted & ~ambiguous, **sets}


def _accepted(table: PredictionTable, action: np.ndarray,
              report: Report) -> None:
    accepted = (table.is_clean & (table.eval_label >= 0)
                & (action == Action.ACCEPT))
    report.values['accuracy_accept_num_images'] = float(accepted.sum())
    if accepted.any():
        correct = table.mean_scores.argmax(1) == table.eval_label
        report.values['accuracy_accept'] = float(correct[accepted].mean())


def _reported(action: np.ndarray, sets: dict[str, np.ndarray],
              report: Report) -> None:
    reported = action == Action.REPORT
    ambiguous = sets['ambiguous']
    among = (reported & (ambiguous | sets['clear'])).sum()
    if among:
        report.values['report_precision'] = float(
            (reported & ambiguous).sum() / among)
    report.values['report_recall'] = float(reported[ambiguous].mean())
