"""Does the model's confidence mean what it says?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..evaluation.functional import Reliability
from .style import BLUE, GREY, ORANGE, clean_axes, new_figure

_TITLES = dict(hard='against labels: ECE', soft='against votes: soft-ECE')
_OUTCOMES = dict(hard='share answered right',
                 soft='mean vote share of the answer')


def plot_reliability(diagrams: Mapping[str, Reliability]) -> Figure:
    """Draw outcome against confidence, with the images per bin below.

    Args:
        diagrams (Mapping[str, Reliability]): By view, 'hard' for accuracy
            and 'soft' for vote shares.

    Returns:
        Figure: One column per view; points above the diagonal are
        under-confident.
    """
    figure = new_figure(4.2 * len(diagrams) + 0.4, 5.2)
    axes = figure.subplots(2, len(diagrams), sharex=True, squeeze=False,
                           height_ratios=(3, 1))
    for (name, diagram), upper, lower in zip(diagrams.items(), *axes):
        _draw_gaps(upper, diagram)
        upper.set(title=f'{_TITLES[name]} {diagram.expected_error:.3f}',
                  ylabel=_OUTCOMES[name], xlim=(0, 1), ylim=(0, 1.01))
        upper.title.set_fontsize(10)
        clean_axes(lower)
        lower.bar(diagram.edges[:-1], diagram.count, align='edge',
                  width=np.diff(diagram.edges), color=GREY,
                  edgecolor='white', linewidth=0.7)
        lower.set(xlabel='confidence, max p', ylabel='images')
    return figure


def _draw_gaps(axes: Axes, diagram: Reliability) -> None:
    clean_axes(axes)
    axes.plot([0, 1], [0, 1], color='black', linewidth=1, linestyle=':')
    filled = diagram.count > 0
    confidence, outcome = (diagram.confidence[filled],
                           diagram.outcome[filled])
    axes.vlines(confidence, confidence, outcome, color=ORANGE, alpha=0.6,
                linewidth=3)
    axes.plot(confidence, outcome, color=BLUE, marker='o', markersize=5,
              linewidth=1.4, clip_on=False)
