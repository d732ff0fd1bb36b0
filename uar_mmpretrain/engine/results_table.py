"""What metrics found, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.evaluator import Evaluator

from ..evaluation.metrics import MemberScoresMetric
from ..visualization import collect_results, render_results


def results_table(evaluator: Evaluator, values: Mapping[str, Any],
                  files: Sequence[str | Path]) -> str:
    """Show the headline of an evaluation that has just ended.

    Args:
        evaluator (Evaluator): Has evaluated a split.
        values (Mapping[str, Any]): What it returned.
        files (Sequence[str | Path]): Files to name below the table.

    Returns:
        str: The table; '' if none of the metrics looks at member scores.
    """
    metrics = [metric for metric in evaluator.metrics
               if isinstance(metric, MemberScoresMetric)
               and metric.table is not None]
    if not metrics:
        return ''
    results = collect_results(metrics, values, metrics[0].table,
                              metrics[0].dataset_meta or {})
    return render_results(results, files)
