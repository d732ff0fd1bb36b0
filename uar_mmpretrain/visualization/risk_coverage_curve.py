"""What is gained by answering only where the model is sure."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..evaluation.functional import RiskCoverage
from .style import clean_axes, new_figure, score_styles

_RISKS = dict(error='wrong answers (%)',
              disagreement='votes against the answer (%)')

# The risk of the first few images jumps; the axis is made for the rest.
_SETTLED = 0.05


def plot_risk_coverage(
        curves: Mapping[str, Mapping[str, RiskCoverage]]) -> Figure:
    """Draw the risk of the images answered against their share.

    Args:
        curves (Mapping[str, Mapping[str, RiskCoverage]]): By risk, 'error'
            or 'disagreement', then by score.

    Returns:
        Figure: One panel per risk, with the best order there is (dashed) and
        a score that knows nothing (dotted).
    """
    figure = new_figure(4.6 * len(curves) + 0.4, 4.2)
    panels = figure.subplots(1, len(curves), squeeze=False)[0]
    for axes, (risk, scores) in zip(panels, curves.items()):
        clean_axes(axes)
        for name, (label, colour) in score_styles(scores).items():
            curve = scores[name]
            axes.plot(100 * curve.coverage, 100 * curve.risk, linewidth=2,
                      color=colour, label=f'{label}: AURC {curve.aurc:.3f}')
        _draw_limits(axes, next(iter(scores.values())))
        highest = max(curve.risk[curve.coverage >= _SETTLED].max()
                      for curve in scores.values())
        axes.set(xlabel='images answered (%)', ylabel=_RISKS[risk],
                 xlim=(0, 100), ylim=(0, 108 * highest or 1))
        axes.legend(frameon=False, loc='lower left', fontsize=8, ncols=2,
                    bbox_to_anchor=(0, 1))
    return figure


def _draw_limits(axes: Axes, curve: RiskCoverage) -> None:
    axes.plot(100 * curve.coverage, 100 * curve.best, color='black',
              linewidth=1, linestyle='--', label='best order')
    axes.axhline(100 * curve.risk[-1], color='black', linewidth=1,
                 linestyle=':', label='random order')
