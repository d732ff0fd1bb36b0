"""Calibration and selective prediction in the result table."""

from __future__ import annotations

from .result_cells import Rows, has, interval, named, number
from .results import Results

_ERRORS = (('ECE, against labels', 'calibration/ece',
            'equal mass', 'calibration/ece_mass'),
           ('  against votes (soft-ECE)', 'calibration/ece_soft',
            'entropy error', 'calibration/entropy_error'),
           ('NLL, against labels', 'calibration/nll',
            'Brier', 'calibration/brier'))
_SCORES = {'epistemic': 'epistemic', '1 - max p': 'least_confidence'}


def calibration_rows(results: Results) -> Rows:
    """Lay out calibration errors and areas under risk-coverage curves.

    Args:
        results (Results): Values of CalibrationMetric and SelectiveMetric;
            what is missing is left out.

    Returns:
        Rows: Result, value, 95% interval, beside it.
    """
    rows: Rows = [
        (title, number(results, key), interval(results, key),
         named(results, name, beside))
        for title, key, name, beside in _ERRORS if has(results, key)
    ]
    for title, suffix in (('AURC of total, errors', ''),
                          ('  disagreeing votes', '_soft')):
        key = f'selective/aurc{suffix}_total'
        if has(results, key):
            beside = [named(results, name, f'selective/aurc{suffix}_{score}')
                      for name, score in _SCORES.items()]
            beside.append(named(results, 'random',
                                f'selective/risk{suffix}'))
            rows.append((title, number(results, key), interval(results, key),
                         ', '.join(filter(None, beside))))
    return rows
