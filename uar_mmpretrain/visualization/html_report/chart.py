"""What a chart of the page is made of, in Plotly's own terms."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..style import SCORE_COLOURS
from .embed import plain

Trace = dict[str, Any]

# Okabe and Ito's colours that SCORE_COLOURS leaves, then mixtures.
_MORE_COLOURS = ('#E69F00', '#56B4E9', '#B39DDB', '#A6761D', '#8A8A8A')
_LEGEND_WIDTH = 34
# Legible on a white and on a dark page.
REFERENCE = dict(color='#888888', width=1.2, dash='dot')


@dataclass(frozen=True)
class Chart:
    """One figure.

    Args:
        title (str): A few words.
        caption (str): One sentence that says how to read it.
        variants (Mapping[str, list]): Plotly traces by name; the reader
            chooses among several.
        layout (dict): Plotly layout; colours and fonts are the page's.
        choice (str): What the variants differ in.
        tall (bool): Whether the figure is higher than wide on a phone.
    """

    title: str
    caption: str
    variants: Mapping[str, list[Trace]]
    layout: dict[str, Any] = field(default_factory=dict)
    choice: str = 'score'
    tall: bool = False

    def data(self) -> dict[str, Any]:
        """Return what the script of the page draws."""
        return dict(variants=list(self.variants.values()),
                    layout=self.layout)


def numbers(values: Iterable[float]) -> list[float | None]:
    """Write values for JSON, with more digits than a screen can show."""
    return [float(f'{value:.5g}') if np.isfinite(value) else None
            for value in values]


def line(x: Iterable[float], y: Iterable[float], name: str,
         **style: Any) -> Trace:
    """Make a curve; its name may be any text."""
    return dict(type='scatter', mode='lines', x=numbers(x), y=numbers(y),
                name=_wrapped(name), line=style)


def _wrapped(name: str) -> str:
    """Break a long name, which would not fit beside a legend on a phone."""
    return '<br>'.join(map(plain, textwrap.wrap(name, _LEGEND_WIDTH)))


def reference(x: Iterable[float], y: Iterable[float], name: str) -> Trace:
    """Make the dotted line the curves are to be compared with."""
    return dict(line(x, y, name, **REFERENCE), hoverinfo='skip')


def axes(x: str, y: str, **more: Any) -> dict[str, Any]:
    """Make a layout with axis titles; ``more`` is merged into it."""
    layout: dict[str, Any] = {'xaxis': dict(title=dict(text=plain(x))),
                              'yaxis': dict(title=dict(text=plain(y)))}
    for key, value in more.items():
        if key in layout:
            layout[key].update(value)
        else:
            layout[key] = value
    return layout


def colour(name: str, place: int) -> str:
    """Return the colour of a score, or of the ``place``-th other one."""
    return SCORE_COLOURS.get(name, _MORE_COLOURS[place % len(_MORE_COLOURS)])
