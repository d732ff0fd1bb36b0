"""Everything a test leaves behind, beside its predictions."""

from __future__ import annotations

from pathlib import Path

from ..evaluation.functional import PredictionTable, read_table
from .figures import draw_figures
from .result_table import render_results
from .results import Results, recompute

METRICS_FILE = 'metrics.json'


def publish_results(table: PredictionTable, results: Results,
                    predictions: str | Path, out_dir: str | Path) -> str:
    """Write ``metrics.json`` and the figures.

    Args:
        table (PredictionTable): Rows of the test.
        results (Results): Its numbers.
        predictions (str | Path): File the rows are in, named in the text.
        out_dir (str | Path): Folder to write to.

    Returns:
        str: The table to show, with the files written.
    """
    out_dir = Path(out_dir)
    files = [Path(predictions), results.save(out_dir / METRICS_FILE)]
    files += draw_figures(table, results, out_dir / 'figures')
    return render_results(results, files)


def redo_results(predictions: str | Path,
                 out_dir: str | Path | None = None) -> str:
    """Compute and draw everything again from a predictions file.

    Settings and the data set's counts come from the ``metrics.json`` beside
    the predictions, where there is one.

    Args:
        predictions (str | Path): ``.parquet`` or ``.csv`` file of a test.
        out_dir (str | Path | None): Folder to write to; by default that of
            the predictions.

    Returns:
        str: The table to show, with the files written.

    Raises:
        FileNotFoundError: If there is no such file.
        KeyError: If it lacks a column.
        ValueError: If it, or the ``metrics.json``, cannot be used.
    """
    predictions = Path(predictions)
    table = read_table(predictions)
    beside = predictions.with_name(METRICS_FILE)
    old = Results.load(beside) if beside.is_file() else None
    return publish_results(table, recompute(table, old), predictions,
                           out_dir or predictions.parent)
