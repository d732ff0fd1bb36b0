"""One picture with what was decided about it."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..apis import Decision
from .style import BLUE, GREEN, GREY, ORANGE, clean_axes, new_figure

ACTION_COLOURS = {'ACCEPT': GREEN, 'REPORT': BLUE, 'REJECT': ORANGE}
# Inches, pixels per inch, and letters per line of the reason.
_WIDTH, _HEIGHT, _DPI, _REASON = 7.2, 3.4, 100, 70


def plot_decision(image: np.ndarray, decision: Decision) -> Figure:
    """Draw a picture beside its label distribution and the reason.

    Args:
        image (np.ndarray): ``(H, W, 3)`` uint8 RGB.
        decision (Decision): What was decided about it.

    Returns:
        Figure: The drawing.
    """
    figure = new_figure(_WIDTH, _HEIGHT)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.25))
    left.imshow(image, interpolation='nearest')
    left.set_axis_off()
    plot_distribution(right, decision)
    figure.suptitle(headline(decision), fontweight='bold', ha='left', x=0.02,
                    color=colour(decision))
    figure.supxlabel(textwrap.fill(decision.reason, _REASON), x=0.02,
                     ha='left', fontsize=9)
    return figure


def plot_distribution(axes: Axes, decision: Decision) -> None:
    """Draw the distribution as bars, each member as a dot.

    Args:
        axes (Axes): Where to draw.
        decision (Decision): With a distribution.
    """
    clean_axes(axes)
    names = list(decision.distribution)
    axes.barh(range(len(names)), list(decision.distribution.values()),
              tick_label=names, height=0.62, color=colour(decision),
              alpha=0.45)
    scores = decision.member_scores
    if scores is not None and len(scores) > 1:
        members = np.broadcast_to(np.arange(len(names)), scores.shape)
        axes.scatter(scores.ravel(), members.ravel(), s=9, color='black',
                     alpha=0.6, linewidths=0, zorder=3)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1), title=_uncertainties(decision))
    axes.title.set_fontsize(8)
    axes.tick_params(labelsize=8)


def headline(decision: Decision) -> str:
    """Return action and label; a rejected picture has no label to believe."""
    if decision.action == 'REJECT':
        return 'REJECT'
    return ': '.join(filter(None, (decision.action, decision.label)))


def colour(decision: Decision) -> str:
    """Return the colour of the action, grey without one."""
    return ACTION_COLOURS.get(decision.action or '', GREY)


def to_array(figure: Figure) -> np.ndarray:
    """Render a figure as ``(H, W, 3)`` uint8 RGB."""
    figure.set_dpi(_DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _uncertainties(decision: Decision) -> str:
    parts = [f'{name} {value:.3g}' for name in ('aleatoric', 'epistemic')
             if (value := getattr(decision, name)) is not None]
    return ', '.join(parts)
