"""The figures of several methods side by side, with paired marks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .. import Estimate, Interval, percentile_interval, reflected_interval
from .columns import COLUMNS, Column
from .measure import MethodFigures

BEST = 'best'
TIED = 'tied'


@dataclass(frozen=True)
class Cell:
    """One figure of one method.

    Args:
        value (float | None): The figure; None if there is none.
        interval (Interval): 95%, NaN where there is none.
        mark (str): 'best'; 'tied' if the 95% interval of the paired
            difference from the best contains 0; or ''.
        reason (str): Why there is no value.
    """

    value: float | None
    interval: Interval = Interval(math.nan, math.nan)
    mark: str = ''
    reason: str = ''


@dataclass(frozen=True)
class MethodRow:
    """All cells of a method.

    Args:
        name (str): The method.
        cells (dict[str, Cell]): By key of the column.
        score (str): Score that rejects.
    """

    name: str
    cells: dict[str, Cell]
    score: str = 'epistemic'


@dataclass(frozen=True)
class MethodTable:
    """The table.

    Args:
        columns (tuple[Column, ...]): Those for which a method has a value
            or a reason.
        rows (tuple[MethodRow, ...]): One per method.
    """

    columns: tuple[Column, ...]
    rows: tuple[MethodRow, ...]


def compare_methods(figures: Sequence[MethodFigures]) -> MethodTable:
    """Put methods side by side and mark what is not different from the best.

    All figures come from the same draws of the same images, so the interval
    of a difference is that of a paired bootstrap over images (Efron and
    Tibshirani 1993, ch. 8). It says what other test images might show, not
    other trainings; the best is chosen on the images it is judged on, and
    nothing corrects for the number of methods.

    Args:
        figures (Sequence[MethodFigures]): One per method, measured with the
            same replicates and seed.

    Returns:
        MethodTable: In the same order.

    Raises:
        ValueError: If there is no method, two have one name, they were not
            tested on the same images, or the replicates differ in number.
    """
    names = [one.name for one in figures]
    if not names or len(set(names)) < len(names):
        raise ValueError(f'methods {names}; expected at least one, each '
                         'with a name of its own.')
    for other in figures[1:]:
        figures[0].rows.check_same(other.rows)
    columns = tuple(column for column in COLUMNS
                    if any(column.key in {*one.estimates, *one.reasons}
                           for one in figures))
    marks = {column.key: _marks(column, figures) for column in columns}
    return MethodTable(columns, tuple(
        MethodRow(one.name, {
            column.key: _cell(column, one,
                              marks[column.key].get(one.name, ''))
            for column in columns}, one.score) for one in figures))


def _cell(column: Column, figures: MethodFigures, mark: str) -> Cell:
    estimate = figures.estimates.get(column.key)
    if estimate is None:
        return Cell(None, reason=figures.reasons.get(column.key,
                                                     'not measured'))
    interval = estimate.interval
    if column.is_biased and len(estimate.replicates):
        interval = reflected_interval(estimate.value, estimate.replicates)
    return Cell(estimate.value, interval, mark)


def _marks(column: Column,
           figures: Sequence[MethodFigures]) -> dict[str, str]:
    """Return the marks of one column by method."""
    there = {one.name: one.estimates[column.key] for one in figures
             if column.key in one.estimates}
    if not column.better or len(there) < 2:
        return {}
    choose = max if column.better == 'higher' else min
    best = choose(there, key=lambda name: there[name].value)
    marks = {best: BEST}
    for name, estimate in there.items():
        if name == best or _contains_zero(estimate - there[best],
                                          column.is_biased):
            marks.setdefault(name, TIED)
    return marks


def _contains_zero(difference: Estimate, is_biased: bool) -> bool:
    replicates = difference.replicates
    if is_biased:
        replicates = 2 * difference.value - replicates
    low, high = percentile_interval(replicates)
    return bool(low <= 0 <= high)
