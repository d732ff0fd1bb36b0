"""Where a picture lies on the uncertainty plane, and where it came from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from ...apis import Decision
from ...routing import Router
from ..decision_picture import colour
from ..style import GREY, clean_axes, new_figure
from ..uncertainty_plane import draw_router, scale_axis

_MAX_POINTS = 2000


def plot_place(decisions: Sequence[Decision],
               background: np.ndarray | None = None,
               router: Router | None = None) -> Figure | None:
    """Draw decisions about one picture as a path among other faces.

    Args:
        decisions (Sequence[Decision]): From clean to the most corrupted.
        background (np.ndarray | None): ``(N, 2)`` aleatoric part and
            rejection score of clean faces.
        router (Router | None): Thresholds to draw.

    Returns:
        Figure | None: The drawing; None if one member has no epistemic part.
    """
    path = np.array([(one.aleatoric, _upwards(one)) for one in decisions],
                    dtype=np.float64)
    if np.isnan(path).any():
        return None
    others = np.empty((0, 2)) if background is None else background
    # With the thresholds, so that both sides of them are in sight.
    limits = np.empty((0, 2)) if router is None else [
        (router.tau_aleatoric, router.tau_epistemic)]
    points = np.concatenate([path, others, limits])
    figure = new_figure(7.2, 3.8)
    axes = figure.subplots()
    clean_axes(axes)
    # In the order of the test set, so that the choice is always the same.
    shown = others[::max(1, len(others) // _MAX_POINTS)]
    if len(others):
        axes.scatter(shown[:, 0], shown[:, 1], s=6, color=GREY, alpha=0.4,
                     linewidths=0, label=f'{len(others):,} clean test faces')
    across, up = path.T
    axes.plot(across, up, color='black', linewidth=1)
    axes.scatter(across, up, s=24, zorder=3,
                 color=[colour(one) for one in decisions])
    axes.scatter(across[-1:], up[-1:], s=160, zorder=4, marker='*',
                 color=colour(decisions[-1]), linewidths=0.8,
                 edgecolors='black', label='this picture')
    scale_axis(axes, 'x', np.maximum(points[:, 0], 0))
    name = router.score if router else 'epistemic'
    if name == 'epistemic':
        scale_axis(axes, 'y', np.maximum(points[:, 1], 0))
    if router is not None:
        draw_router(axes, router)
    axes.set(xlabel='aleatoric', ylabel=name)
    axes.legend(loc='upper left', fontsize=8, frameon=False)
    return figure


def _upwards(decision: Decision) -> float | None:
    if decision.score is not None:
        return decision.score
    return decision.epistemic
