"""One uncertainty of the plane, as an axis and as a slider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..uncertainty_plane import root_ticks
from .chart import numbers


@dataclass(frozen=True)
class Axis:
    """One uncertainty, as an axis and as a slider.

    Args:
        name (str): What it is called.
        unit (str): 'nats', or empty for a channel.
        low (float): Smallest value of the axis.
        high (float): Largest value of the axis.
        root (bool): Whether it is square-root scaled, as most faces crowd
            near zero.
        threshold (float): Where the slider starts.
    """

    name: str
    unit: str
    low: float
    high: float
    root: bool
    threshold: float

    @property
    def title(self) -> str:
        """Name and unit."""
        return f'{self.name} ({self.unit})' if self.unit else self.name

    def place(self, values: np.ndarray) -> np.ndarray:
        """Return where values are drawn."""
        # Round-off may leave a value just below 0, where there is no root.
        return np.sqrt(np.maximum(values, 0)) if self.root else values

    def layout(self) -> dict[str, Any]:
        """Return range and ticks for Plotly."""
        ends = numbers(self.place(np.array([self.low, self.high])))
        if not self.root:
            return dict(range=ends)
        ticks = root_ticks(self.high, 0.11)
        return dict(range=ends, tickvals=numbers(np.sqrt(ticks)),
                    ticktext=[f'{tick:g}' for tick in ticks])

    def data(self) -> dict[str, Any]:
        """Return what the slider of the page needs."""
        threshold = self.threshold
        if not np.isfinite(threshold):
            # A router may reject nothing or all, which JSON cannot say.
            threshold = float(np.clip(threshold, self.low - 1, self.high + 1))
        return dict(low=self.low, high=self.high, root=self.root,
                    unit=self.unit, threshold=threshold)
