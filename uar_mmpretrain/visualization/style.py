"""One look for all figures."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..evaluation.functional.scores import (
    ALEATORIC,
    EPISTEMIC,
    LEAST_CONFIDENCE,
    TOTAL,
)
from ..files.atomic_write import atomic_write

# Okabe and Ito's palette: distinct for colour-blind readers and in print.
BLUE, ORANGE, GREEN, PINK, GREY = ('#0072B2', '#D55E00', '#009E73', '#CC79A7',
                                   '#8A8A8A')

SCORE_COLOURS = {
    EPISTEMIC: BLUE,
    TOTAL: ORANGE,
    ALEATORIC: GREEN,
    LEAST_CONFIDENCE: PINK
}
SCORE_NAMES = {
    EPISTEMIC: 'epistemic',
    TOTAL: 'total',
    ALEATORIC: 'aleatoric',
    LEAST_CONFIDENCE: '1 - max p'
}
# For further channels, from the same palette.
_FURTHER_COLOURS = ('#E69F00', '#56B4E9', GREY)
_DPI = 150


def new_figure(width: float = 6.4, height: float = 4.6) -> Figure:
    """Make a figure that belongs to no window and no global state.

    Args:
        width (float): Inches.
        height (float): Inches.

    Returns:
        Figure: Empty, with constrained layout.
    """
    return Figure(figsize=(width, height), layout='constrained')


def clean_axes(axes: Axes) -> None:
    """Leave the lines that carry information."""
    axes.spines[['top', 'right']].set_visible(False)
    axes.grid(color='#E6E6E6', linewidth=0.7)
    axes.set_axisbelow(True)


def score_styles(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Choose how scores appear in a figure.

    Args:
        names (Iterable[str]): Known scores and further channels.

    Returns:
        dict[str, tuple[str, str]]: Label and colour by name.
    """
    further = cycle(_FURTHER_COLOURS)
    return {name: (SCORE_NAMES.get(name, name.replace('_', ' ')),
                   SCORE_COLOURS.get(name) or next(further))
            for name in names}


def save_figure(figure: Figure, path: str | Path) -> Path:
    """Write a PNG file.

    Args:
        figure (Figure): What to write.
        path (str | Path): Target; its folder is made if needed.

    Returns:
        Path: The file written.
    """
    path = Path(path)
    with atomic_write(path) as beside:
        figure.savefig(beside, dpi=_DPI)
    return path
