"""The figures of several methods side by side, with paired marks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .. import Estimate, Interval, percentile_interval, reflected_interval
from .columns import COLUMNS, Column
from .measure import ALEATORIC, EPISTEMIC, MethodFigures

BEST = 'best'
TIED = 'tied'


@dataclass(frozen=True)
class Difference:
    """A figure minus that of the reference method.

    Args:
        value (float): The difference.
        interval (Interval): 95%, paired.
    """

    value: float
    interval: Interval


@dataclass(frozen=True)
class Cell:
    """One figure of one method.

    Args:
        value (float | None): The figure; None if there is none.
        interval (Interval): 95%, NaN where there is none.
        mark (str): 'best'; 'tied' if the 95% interval of the paired
            difference from the best contains 0; or ''.
        reason (str): Why there is no value.
        difference (Difference | None): From the reference, if there is one
            and both have replicates.
        spread (float): Standard deviation over trainings, NaN for one.
    """

    value: float | None
    interval: Interval = Interval(math.nan, math.nan)
    mark: str = ''
    reason: str = ''
    difference: Difference | None = None
    spread: float = math.nan


@dataclass(frozen=True)
class MethodRow:
    """All cells of a method.

    Args:
        name (str): The method.
        cells (dict[str, Cell]): By key of the column.
        score (str): Score that rejects.
        aleatoric (str): Score that is compared with votes.
        trainings (int): Trainings its figures are means over.
    """

    name: str
    cells: dict[str, Cell]
    score: str = EPISTEMIC
    aleatoric: str = ALEATORIC
    trainings: int = 1


@dataclass(frozen=True)
class MethodTable:
    """The table.

    Args:
        columns (tuple[Column, ...]): Those for which a method has a value
            or a reason.
        rows (tuple[MethodRow, ...]): One per method.
        reference (str): Method the differences are from, '' for none.
    """

    columns: tuple[Column, ...]
    rows: tuple[MethodRow, ...]
    reference: str = ''


def compare_methods(figures: Sequence[MethodFigures],
                    reference: str = '') -> MethodTable:
    """Put methods side by side and mark what is not different from the best.

    All figures come from the same draws of the same images, so the interval
    of a difference is that of a paired bootstrap over images (Efron and
    Tibshirani 1993, ch. 8). It says what other test images might show, not
    other trainings; the best is chosen on the images it is judged on, and
    nothing corrects for the number of methods.

    Args:
        figures (Sequence[MethodFigures]): One per method, measured with the
            same replicates and seed.
        reference (str): Method from which the difference of every other one
            is taken, '' for none.

    Returns:
        MethodTable: In the same order.

    Raises:
        ValueError: If there is no method, two have one name, none has that
            of the reference, they were not tested on the same images, or the
            replicates differ in number.
    """
    names = [one.name for one in figures]
    if not names or len(set(names)) < len(names):
        raise ValueError(f'methods {names}; expected at least one, each '
                         'with a name of its own.')
    if reference and reference not in names:
        raise ValueError(f'the reference is {reference!r}; expected one of '
                         f'{names}.')
    for other in figures[1:]:
        figures[0].rows.check_same(other.rows)
    columns = tuple(column for column in COLUMNS
                    if any(column.key in {*one.estimates, *one.reasons}
                           for one in figures))
    marks = {column.key: _marks(column, figures) for column in columns}
    base = next((one.estimates for one in figures if one.name == reference),
                {})
    return MethodTable(columns, tuple(
        MethodRow(one.name, {
            column.key: _cell(column, one,
                              marks[column.key].get(one.name, ''),
                              None if one.name == reference
                              else base.get(column.key))
            for column in columns}, one.score, one.aleatoric, one.trainings)
        for one in figures), reference)


def _cell(column: Column, figures: MethodFigures, mark: str,
          base: Estimate | None) -> Cell:
    estimate = figures.estimates.get(column.key)
    if estimate is None:
        return Cell(None, reason=figures.reasons.get(column.key,
                                                     'not measured'))
    interval = estimate.interval
    if column.is_biased and len(estimate.replicates):
        interval = reflected_interval(estimate.value, estimate.replicates)
    difference = None
    if base is not None and len(base.replicates):
        found = estimate - base
        difference = Difference(found.value,
                                _difference_interval(found, column.is_biased))
    return Cell(estimate.value, interval, mark, difference=difference,
                spread=figures.spread.get(column.key, math.nan))


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
        low, high = _difference_interval(estimate - there[best],
                                         column.is_biased)
        if name == best or low <= 0 <= high:
            marks.setdefault(name, TIED)
    return marks


def _difference_interval(difference: Estimate, is_biased: bool) -> Interval:
    replicates = difference.replicates
    if is_biased:
        replicates = 2 * difference.value - replicates
    return percentile_interval(replicates)
