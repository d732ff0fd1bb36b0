"""One self-contained HTML page about one test, or several side by side."""

from .page import page_data, render_report, write_report
from .run import ReportRun, read_runs

__all__ = [
    'ReportRun', 'page_data', 'read_runs', 'render_report', 'write_report'
]
