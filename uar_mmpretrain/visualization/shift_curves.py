"""How well each score detects corruption, by severity."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from ..evaluation.functional import ShiftDetection
from .style import clean_axes, new_figure, score_styles


def plot_auroc_by_severity(
        results: Mapping[str, ShiftDetection]) -> Figure:
    """Draw the mean AUROC of each score, corruptions as thin lines.

    Args:
        results (Mapping[str, ShiftDetection]): By score.

    Returns:
        Figure: One panel per score, equal axes.
    """
    figure = new_figure(3 * len(results) + 0.8, 3.6)
    panels = figure.subplots(1, len(results), sharey=True, squeeze=False)[0]
    lowest = min(float(np.nanmin(r.auroc)) for r in results.values())
    styles = score_styles(results)
    for axes, (name, result) in zip(panels, results.items()):
        clean_axes(axes)
        label, colour = styles[name]
        severities = result.severities
        axes.plot(severities, result.auroc, color=colour, alpha=0.3,
                  linewidth=0.9)
        axes.plot(severities, result.mean, color=colour, linewidth=2.4,
                  marker='o', markersize=5)
        axes.axhline(0.5, color='black', linewidth=0.9, linestyle=':')
        axes.set(title=f'{label}: {result.mean[-1]:.3f} at '
                 f'severity {severities[-1]}', xticks=severities,
                 xlabel='severity', ylim=(min(0.45, lowest - 0.02), 1.01))
        axes.title.set_fontsize(10)
    panels[0].set_ylabel('AUROC, corrupted against clean')
    number = len(next(iter(results.values())).corruptions)
    figure.suptitle(f'Detecting shift: mean of {number} corruptions (bold), '
                    'each corruption (thin), chance (dotted)', fontsize=10)
    return figure
