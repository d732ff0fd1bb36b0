"""Every image as a point: aleatoric across, epistemic up."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..evaluation.functional import PredictionTable, ambiguous_faces
from ..routing import Router
from .style import BLUE, GREY, ORANGE, clean_axes, new_figure

# More points than this hide each other.
_MAX_POINTS = 2000


def plot_uncertainty_plane(table: PredictionTable,
                           kind: str = 'entropy',
                           severity: int = 5,
                           ambiguous_quantile: float = 0.75,
                           router: Router | None = None,
                           seed: int = 0) -> Figure:
    """Draw clear, ambiguous and corrupted images on the uncertainty plane.

    Args:
        table (PredictionTable): R rows of at least two members.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        severity (int): Severity of the corrupted copies shown.
        ambiguous_quantile (float): Quantile of the vote entropy from which a
            face is ambiguous; without votes all clean faces are one group.
        router (Router | None): Thresholds to draw, if they cut this plane:
            another kind, a channel or scaled members do not.
        seed (int): Seed of the choice of points where there are more than
            2 000 of a group.

    Returns:
        Figure: The drawing; both axes are square-root scaled.

    Raises:
        ValueError: If the table has a single member.
    """
    parts = table.decompose(kind)
    across = np.maximum(parts.aleatoric, 0)
    # Round-off may leave a value just below 0, where there is no root.
    up = np.maximum(parts.epistemic, 0)
    rng = np.random.default_rng(seed)
    figure = new_figure()
    axes = figure.subplots()
    clean_axes(axes)
    for name, colour, mask in _groups(table, severity, ambiguous_quantile):
        rows = np.flatnonzero(mask & np.isfinite(up))
        shown = rows if len(rows) <= _MAX_POINTS else rng.choice(
            rows, _MAX_POINTS, replace=False)
        axes.scatter(across[shown], up[shown], s=7, color=colour, alpha=0.45,
                     linewidths=0, label=_label(name, len(rows), len(shown)),
                     rasterized=True)
    scale_axis(axes, 'x', across)
    scale_axis(axes, 'y', up)
    if router is not None and router.cuts_plane(kind):
        draw_router(axes, router)
    unit = 'squared probability' if kind == 'variance' else 'nats'
    axes.set(xlabel=f'aleatoric uncertainty ({unit})',
             ylabel=f'epistemic uncertainty ({unit})')
    legend = figure.legend(frameon=False, loc='outside upper right', ncols=3,
                           fontsize=8, markerscale=2, columnspacing=1,
                           handletextpad=0.1)
    for handle in filter(None, legend.legend_handles):
        handle.set_alpha(1)
    return figure


def _groups(
        table: PredictionTable, severity: int,
        quantile: float) -> list[tuple[str, str, np.ndarray]]:
    """Return name, colour and rows of each group, drawn in this order."""
    clean = table.is_clean
    shifted = ~clean & (table.severity == severity)
    groups = [(f'corrupted, severity {severity}', ORANGE, shifted)]
    if not (clean & table.voted).any():
        return [*groups, ('clean', BLUE, clean)]
    ambiguous, _ = ambiguous_faces(
        np.where(clean, table.vote_entropy(), np.nan), quantile)
    return [*groups, ('clean, clear', GREY, clean & ~ambiguous),
            ('clean, ambiguous', BLUE, ambiguous)]


def _label(name: str, total: int, shown: int) -> str:
    count = f'{total:,}' if shown == total else f'{shown:,} of {total:,}'
    return f'{name} ({count})'


def scale_axis(axes: Axes, name: str, values: np.ndarray) -> None:
    """Square roots: most faces crowd near zero, and zero must be shown.

    Args:
        axes (Axes): Where to draw.
        name (str): 'x' or 'y'.
        values (np.ndarray): What is drawn along this axis, not negative.
    """
    top = float(values[np.isfinite(values)].max()) * 1.05 or 1.
    ticks = root_ticks(top)
    getattr(axes, f'set_{name}scale')('function',
                                      functions=(_root, np.square))
    axes.set(**{f'{name}lim': (0, top), f'{name}ticks': ticks,
                f'{name}ticklabels': [f'{tick:g}' for tick in ticks]})


def _root(values: np.ndarray) -> np.ndarray:
    return np.sqrt(np.maximum(values, 0))


def root_ticks(top: float, gap: float = .06) -> list[float]:
    """Choose round values that do not crowd on a square-root axis.

    Args:
        top (float): End of the axis; it starts at 0.
        gap (float): Smallest distance of two ticks, a share of the axis.

    Returns:
        list[float]: Ascending values from 0.
    """
    chosen = [0.]
    for step in (.001, .01, .05, .1, .2, .4, .6, .8, 1, 1.2, 1.5, 2, 3, 5):
        if (step <= top
                and np.sqrt(step / top) - np.sqrt(chosen[-1] / top) > gap):
            chosen.append(step)
    return chosen


def draw_router(axes: Axes, router: Router) -> None:
    """Draw the thresholds and name the three regions.

    Args:
        axes (Axes): Aleatoric across, the rejection score up.
        router (Router): With the thresholds.
    """
    right, top = axes.get_xlim()[1], axes.get_ylim()[1]
    reject, report = router.tau_epistemic, router.tau_aleatoric
    line: dict[str, Any] = dict(color='black', linewidth=1, linestyle='--')
    box = dict(facecolor='white', alpha=0.8, edgecolor='none', pad=1.5)
    text: dict[str, Any] = dict(fontsize=9, fontweight='bold', bbox=box)
    if 0 < reject < top:
        axes.axhline(reject, **line)
        axes.text(right * .99, reject * 1.1, 'REJECT', ha='right', **text)
    height = min(max(reject, 0), top)
    if 0 < report < right:
        axes.plot([report, report], [0, height], **line)
        axes.text(right * .99, height * .85, 'REPORT', ha='right', va='top',
                  **text)
        axes.text(right * .002, height * .85, 'ACCEPT', ha='left', va='top',
                  **text)
