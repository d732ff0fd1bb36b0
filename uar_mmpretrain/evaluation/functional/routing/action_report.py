"""What the routing actions do to ambiguous, clear and corrupted images."""

from __future__ import annotations

import numpy as np

from ....routing import Action
from ..prediction_table import PredictionTable
from ..report import Report
from ..statistics.mean_bootstrap import mean_replicates
from ..statistics.proportion import wilson_interval
from ..statistics.resampling import Interval, percentile_interval
from ..votes import ambiguous_faces

_NUM_RESAMPLES = 2000


def action_report(table: PredictionTable,
                  severity: int = 5,
                  ambiguous_quantile: float = 0.75) -> Report:
    """Count the actions of a routed table.

    Values: ``accuracy_accept`` on the accepted clean images that have an
    evaluation label; ``report_precision`` and ``report_recall`` of REPORT
    against the ambiguous faces, among clean images with votes; each with its
    95% interval ``..._low``, ``..._high``; and the confusion table
    ``<set>_<action>``, shares of the set, for the sets ``ambiguous`` and
    ``clear`` (``clean`` where there are no votes) and ``corrupted`` (at
    ``severity``).

    Details: ``num_<set>``, and for each cell of the confusion table its
    number of rows ``<set>_<action>_num_rows`` and its interval. Intervals
    are Wilson's; those of the corrupted copies, of which an image has many,
    come from a bootstrap over images.

    Args:
        table (PredictionTable): R rows with actions.
        severity (int): Severity of the corrupted set.
        ambiguous_quantile (float): As in :func:`routing_report`.

    Returns:
        Report: Shares and counts; sets without rows are left out.

    Raises:
        ValueError: If the table has no actions.
    """
    if table.action is None:
        raise ValueError('the predictions have no actions; test with a '
                         'router.json beside the checkpoint.')
    report = Report()
    sets = action_sets(table, severity, ambiguous_quantile)
    for name, mask in sets.items():
        if mask.any():
            _write_set(name, table.action[mask], table.image_id[mask], report)
    _write_accepted(table, table.action, report)
    if 'ambiguous' in sets:
        _write_reported(table.action, sets, report)
    return report


def action_sets(table: PredictionTable, severity: int = 5,
                quantile: float = 0.75) -> dict[str, np.ndarray]:
    """Choose the rows whose actions are counted.

    Args:
        table (PredictionTable): R rows.
        severity (int): Severity of the corrupted set.
        quantile (float): Of the vote entropy, as in :func:`routing_report`.

    Returns:
        dict[str, np.ndarray]: ``(R,)`` masks by name: 'ambiguous' and
        'clear' ('clean' where there are no votes), and 'corrupted'.
    """
    clean = table.is_clean
    sets = {'corrupted': ~clean & (table.severity == severity)}
    voted = clean & table.voted
    if not voted.any():
        return {'clean': clean, **sets}
    ambiguous, _ = ambiguous_faces(
        np.where(clean, table.vote_entropy(), np.nan), quantile)
    return {'ambiguous': ambiguous, 'clear': voted & ~ambiguous, **sets}


def _write_set(name: str, action: np.ndarray, image_id: np.ndarray,
               report: Report) -> None:
    """Write one row of the confusion table."""
    report.details[f'num_{name}'] = float(len(action))
    taken = action[:, None] == np.array(list(Action))
    intervals = _intervals(taken, image_id)
    for one, column, interval in zip(Action, taken.T, intervals):
        key = f'{name}_{one.name.lower()}'
        report.values[key] = float(column.mean())
        report.details.update({f'{key}_num_rows': float(column.sum()),
                               f'{key}_low': interval.low,
                               f'{key}_high': interval.high})


def _intervals(taken: np.ndarray, image_id: np.ndarray) -> list[Interval]:
    """Return the interval of each column's share."""
    images, image = np.unique(image_id, return_inverse=True)
    if len(images) == len(image_id):
        return [wilson_interval(column.sum(), len(column))
                for column in taken.T]
    # Numerators and denominator of each image, drawn together.
    sums = np.stack([np.bincount(image, weights=column) for column
                     in (*taken.T, np.ones(len(image)))], axis=1)
    drawn = mean_replicates(sums, _NUM_RESAMPLES)
    return [percentile_interval(column)
            for column in (drawn[:, :-1] / drawn[:, -1:]).T]


def _write_accepted(table: PredictionTable, action: np.ndarray,
                    report: Report) -> None:
    accepted = (table.is_clean & (table.eval_label >= 0)
                & (action == Action.ACCEPT))
    report.values['accuracy_accept_num_images'] = float(accepted.sum())
    correct = table.mean_scores.argmax(1) == table.eval_label
    _write_share('accuracy_accept', correct[accepted], report)


def _write_reported(action: np.ndarray, sets: dict[str, np.ndarray],
                    report: Report) -> None:
    reported = action == Action.REPORT
    ambiguous = sets['ambiguous']
    among = reported & (ambiguous | sets['clear'])
    _write_share('report_precision', ambiguous[among], report)
    _write_share('report_recall', reported[ambiguous], report)


def _write_share(key: str, hits: np.ndarray, report: Report) -> None:
    """Write a share of independent images; none of no images."""
    if len(hits):
        interval = wilson_interval(hits.sum(), len(hits))
        report.values.update({key: float(hits.mean()),
                              f'{key}_low': interval.low,
                              f'{key}_high': interval.high})
