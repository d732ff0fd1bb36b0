"""The results of a test whose parts were run apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..evaluation.functional import (
    PredictionTable,
    merge_tables,
    read_table,
)
from .html_report.run import find_predictions
from .read_results import METRICS_FILE
from .results import Results, recompute

# Written by DumpPredictions.
_MEMBERS = 'predictions/members'


def merge_results(
        places: Sequence[str | Path]) -> tuple[PredictionTable, Results]:
    """Read the parts of a test and compute the results of the whole.

    Args:
        places (Sequence[str | Path]): Result folders or predictions files,
            each with its ``metrics.json``.

    Returns:
        tuple[PredictionTable, Results]: As of one test of everything, but
        for values of metrics that are not ours.

    Raises:
        FileNotFoundError: If a part has no predictions or no metrics.
        KeyError: If a column is missing.
        ValueError: If the parts do not belong together.
    """
    files = [find_predictions(place) for place in places]
    olds = [Results.load(file.with_name(METRICS_FILE)) for file in files]
    for file, old in zip(files, olds):
        for what in ('settings', 'router'):
            found, expected = getattr(old, what), getattr(olds[0], what)
            if found != expected:
                raise ValueError(
                    f'{file}: {what} {found}; {files[0]} has {expected}. '
                    'Test every part with the same config and router.')
    table = merge_tables([read_table(file) for file in files],
                         [str(file) for file in files])
    # Not seen in a table: which members were left out.
    left_out = dict.fromkeys(old.notes[_MEMBERS] for old in olds
                             if _MEMBERS in old.notes)
    notes = {_MEMBERS: '. '.join(left_out)} if left_out else {}
    return table, recompute(table, replace(olds[0], metrics={}, notes=notes))
