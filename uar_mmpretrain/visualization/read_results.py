"""The results of a test, read back from its predictions."""

from __future__ import annotations

from pathlib import Path

from ..evaluation.functional import PredictionTable, read_table
from .results import Results, recompute

METRICS_FILE = 'metrics.json'


def read_results(
        predictions: str | Path) -> tuple[PredictionTable, Results]:
    """Read predictions and compute their results.

    Settings and the data set's counts come from the ``metrics.json`` beside
    the predictions, where there is one.

    Args:
        predictions (str | Path): ``.parquet`` or ``.csv`` file of a test.

    Returns:
        tuple[PredictionTable, Results]: Rows and numbers.

    Raises:
        FileNotFoundError: If there is no such file.
        KeyError: If it lacks a column.
        ValueError: If it, or the ``metrics.json``, cannot be used.
    """
    predictions = Path(predictions)
    table = read_table(predictions)
    beside = predictions.with_name(METRICS_FILE)
    old = Results.load(beside) if beside.is_file() else None
    return table, recompute(table, old)
