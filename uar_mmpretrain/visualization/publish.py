"""Everything a test leaves behind, beside its predictions."""

from __future__ import annotations

from pathlib import Path

from ..evaluation.functional import PredictionTable
from .figures import draw_figures
from .html_report import ReportRun, write_report
from .html_report.run import run_names
from .read_results import METRICS_FILE
from .result_table import render_results
from .results import Results


def publish_results(table: PredictionTable,
                    results: Results,
                    predictions: str | Path,
                    out_dir: str | Path,
                    images: str | Path | None = None,
                    command: str = '') -> str:
    """Write ``metrics.json``, the figures and ``report.html``.

    Args:
        table (PredictionTable): Rows of the test.
        results (Results): Its numbers.
        predictions (str | Path): File the rows are in, named in the text.
        out_dir (str | Path): Folder to write to.
        images (str | Path | None): Folder the image ids are relative to, if
            the report may show faces.
        command (str): How the report was made, shown on it.

    Returns:
        str: The table to show, with the files written; without jinja2 or
        plotly it says that there is no report.
    """
    out_dir, predictions = Path(out_dir), Path(predictions)
    files: list[str | Path] = [
        predictions, results.save(out_dir / METRICS_FILE),
        *draw_figures(table, results, out_dir / 'figures')
    ]
    name, = run_names([predictions])
    run = ReportRun(name, table, results, predictions)
    try:
        files.append(write_report([run], out_dir / 'report.html', images,
                                  command))
    except ImportError as error:
        # A test must not fail over a page it can do without.
        files.append(f'no report.html: {error}')
    return render_results(results, files)
