"""How many ambiguous faces survive as more corrupted ones are rejected."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

from .style import clean_axes, new_figure, score_styles


def plot_retention(curves: Mapping[str, Mapping[float, float]],
                   headline_rate: float,
                   title: str = '') -> Figure:
    """Draw retention of ambiguous faces against rejection of corrupted ones.

    Args:
        curves (Mapping[str, Mapping[float, float]]): Retention by rejection
            rate, both shares, by score: known ones and channels.
        headline_rate (float): Rate to mark.
        title (str): Line above the figure.

    Returns:
        Figure: Curves with the random router's diagonal.
    """
    figure = new_figure(5.6, 4.6)
    axes = figure.subplots()
    clean_axes(axes)
    axes.plot([0, 100], [100, 0], color='black', linewidth=1, linestyle=':')
    axes.text(77, 17, 'random rejection', rotation=-39, fontsize=8,
              ha='center', va='center')
    axes.axvline(100 * headline_rate, color='black', linewidth=0.9,
                 linestyle='--')
    styles = score_styles(curves)
    for name, curve in curves.items():
        rates = sorted(curve)
        label, colour = styles[name]
        label += f': {curve[headline_rate]:.1%} kept at {headline_rate:.0%}'
        axes.plot([100 * rate for rate in rates],
                  [100 * curve[rate] for rate in rates], marker='o',
                  markersize=4, linewidth=2, label=label,
                  color=colour)
    axes.set(xlabel='corrupted copies rejected (%)',
             ylabel='ambiguous clean faces kept (%)', xlim=(0, 100),
             ylim=(0, 102), title=title or 'Retention of ambiguous faces')
    axes.title.set_fontsize(10)
    axes.legend(frameon=False, loc='lower left', fontsize=8)
    return figure
