"""What the table of several methods says, in words and without markup."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..evaluation.functional import Interval
from ..evaluation.functional.method_table import Cell, Column, MethodTable
from ..evaluation.functional.scores import ALEATORIC, EPISTEMIC

_LEGEND = (
    'Bold: best of the column. *: not different from it, the 95% interval '
    'of the paired difference (bootstrap over images) contains 0. This is '
    'about other test images, not other trainings, and not corrected for the '
    'number of methods. In brackets: 95% interval.')
_BIASED = (
    'Binned calibration errors (ECE) are biased upwards: their intervals '
    'take that off, and may lie below the value.')
_CEILING = 'The interval of the share of ceiling takes the ceiling as known.'
# What every method has, whether or not it has an epistemic part.
_DIFFERENCES = ('accuracy', 'nll', 'kl', 'rho', 'ece', 'ece_soft', 'aurc')


@dataclass(frozen=True)
class TextCell:
    """One figure of one method.

    Args:
        value (str): The figure, '' if there is none.
        interval (str): Both ends in brackets, '' without one.
        mark (str): 'best', 'tied' or ''.
        note (int): Number of the note that says why there is no value.
    """

    value: str = ''
    interval: str = ''
    mark: str = ''
    note: int = 0


@dataclass(frozen=True)
class TextTable:
    """Columns that stand together.

    Args:
        title (str): What they have in common.
        heads (list[str]): Titles of the columns.
        rows (dict[str, list[TextCell]]): One cell per column, by method.
    """

    title: str
    heads: list[str]
    rows: dict[str, list[TextCell]]


@dataclass(frozen=True)
class ComparisonText:
    """All that is to be written.

    Args:
        tables (list[TextTable]): One per group of columns, then the
            differences from the reference, if there is one.
        notes (list[str]): What the marks mean, which scores were used, why
            figures and methods are missing.
    """

    tables: list[TextTable]
    notes: list[str]


def comparison_text(
        table: MethodTable,
        failures: Mapping[str, str] | None = None) -> ComparisonText:
    """Write the figures of several methods as text.

    Args:
        table (MethodTable): The figures.
        failures (Mapping[str, str] | None): Reasons of methods that are
            missing.

    Returns:
        ComparisonText: Equal reasons share a note.
    """
    reasons: dict[str, int] = {}
    tables = []
    for group in dict.fromkeys(column.group for column in table.columns):
        columns = [one for one in table.columns if one.group == group]
        tables.append(TextTable(
            group, [one.title + _arrow(one) for one in columns],
            {row.name: [_text(row.cells[one.key], one, reasons)
                        for one in columns] for row in table.rows}))
    tables += _differences(table, reasons)
    numbered = [f'({number}) {reason}.' for reason, number in reasons.items()]
    missing = [f'{name} is missing: {reason}.'
               for name, reason in (failures or {}).items()]
    return ComparisonText(tables, [*_legend(table), *numbered, *missing])


def _differences(table: MethodTable,
                 reasons: dict[str, int]) -> Iterator[TextTable]:
    """Yield what is different from the reference, nothing without one."""
    others = [row for row in table.rows if row.name != table.reference]
    columns = [one for one in table.columns if one.key in _DIFFERENCES
               and any(row.cells[one.key].difference for row in others)]
    if columns:
        yield TextTable(
            f'Difference from {table.reference}, paired',
            [one.title for one in columns],
            {row.name: [_difference(row.cells[one.key], one, reasons)
                        for one in columns] for row in others})


def _legend(table: MethodTable) -> Iterator[str]:
    yield _LEGEND
    if any(column.is_biased for column in table.columns):
        yield _BIASED
    if any(column.key == 'rho_of_ceiling' for column in table.columns):
        yield _CEILING
    for row in table.rows:
        if row.score != EPISTEMIC:
            yield f'{row.name} rejects by {row.score}.'
        if row.aleatoric != ALEATORIC:
            yield f'{row.name}: rho is that of {row.aleatoric}.'
        if row.trainings > 1:
            yield (f'{row.name}: mean over {row.trainings} trainings; the '
                   'CSV file has their standard deviation.')


def _arrow(column: Column) -> str:
    return {'higher': ' ↑', 'lower': ' ↓'}.get(column.better, '')


def _text(cell: Cell, column: Column, reasons: dict[str, int]) -> TextCell:
    if cell.value is None:
        return _reason(cell, reasons)
    return TextCell(f'{cell.value:,.{column.digits}f}',
                    _brackets(cell.interval, f'.{column.digits}f'), cell.mark)


def _difference(cell: Cell, column: Column,
                reasons: dict[str, int]) -> TextCell:
    if cell.difference is None:
        return _reason(cell, reasons)
    form = f'+.{column.digits}f'
    return TextCell(f'{cell.difference.value:{form}}',
                    _brackets(cell.difference.interval, form))


def _reason(cell: Cell, reasons: dict[str, int]) -> TextCell:
    return TextCell(note=reasons.setdefault(cell.reason, len(reasons) + 1))


def _brackets(interval: Interval, form: str) -> str:
    if math.isnan(interval.low):
        return ''
    return f'[{interval.low:{form}}, {interval.high:{form}}]'
