"""Each part of the uncertainty along the sweeps of its causes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..evaluation.functional import Report, Sweep
from ..evaluation.functional.scores import ALEATORIC, EPISTEMIC
from .style import SCORE_COLOURS, clean_axes, new_figure

PARTS = (ALEATORIC, EPISTEMIC)
SWEEP_TITLES = {'noise': 'label noise', 'size': 'training set size'}


def plot_sweeps(sweeps: Mapping[str, Sweep], report: Report) -> Figure:
    """Draw each part of the uncertainty against the error rate.

    Args:
        sweeps (Mapping[str, Sweep]): The sweeps 'noise' and
            'size'.
        report (Report): Correlations of the same sweeps.

    Returns:
        Figure: One row per part, one column per sweep; the rows share their
        axis, so that slopes can be compared by eye.
    """
    figure = new_figure(7.2, 5.4)
    grid = figure.subplots(2, 2, sharex='col', sharey='row')
    for row, part in zip(grid, PARTS):
        for axes, (name, sweep) in zip(row, sweeps.items()):
            _draw(axes, sweep.error, getattr(sweep, part),
                  SCORE_COLOURS[part])
            correlation = report.details[f'correlation_{part}_{name}']
            axes.set_title(f'{SWEEP_TITLES[name]}: correlation '
                           f'{correlation:+.2f}', fontsize=10)
        row[0].set_ylabel(f'mean {part} (nats)')
    for axes in grid[1]:
        axes.set_xlabel('error rate')
    error = report.values['disentanglement_error']
    figure.suptitle(f'Disentanglement error {error:.3f}', fontsize=11)
    return figure


def _draw(axes: Axes, error: np.ndarray, series: np.ndarray,
          colour: str) -> None:
    clean_axes(axes)
    for x, y in zip(error, series):
        order = np.argsort(x)
        axes.plot(x[order], y[order], marker='o', markersize=4,
                  linewidth=1.2, alpha=.8, color=colour)
