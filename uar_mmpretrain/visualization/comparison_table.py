"""The table of several methods as Markdown and CSV."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..evaluation.functional.method_table import Cell, Column, MethodTable
from .write_texts import write_texts

_LEGEND = (
    'Bold: best of the column. \\*: not different from it, the 95% interval '
    'of the paired difference (bootstrap over images) contains 0. This is '
    'about other test images, not other trainings, and not corrected for the '
    'number of methods. In brackets: 95% interval.')


def to_markdown(table: MethodTable,
                failures: Mapping[str, str] | None = None,
                about: str = '') -> str:
    """Write one Markdown table per group of columns.

    Args:
        table (MethodTable): The figures.
        failures (Mapping[str, str] | None): Reasons of methods that are
            missing, listed below.
        about (str): How and when the table was made, put above.

    Returns:
        str: Text. A figure that does not exist is a dash with a number, and
        its reason stands under that number.
    """
    reasons: dict[str, int] = {}
    lines = [about, ''] if about else []
    for group in dict.fromkeys(column.group for column in table.columns):
        columns = [one for one in table.columns if one.group == group]
        lines += [f'**{group}**', '', *_group(table, columns, reasons), '']
    lines.append(_LEGEND)
    for row in table.rows:
        if row.score != 'epistemic':
            lines += ['', f'{row.name} rejects by {row.score}.']
    for reason, number in reasons.items():
        lines += ['', f'({number}) {reason}.']
    for name, reason in (failures or {}).items():
        lines += ['', f'{name} is missing: {reason}.']
    return '\n'.join(lines) + '\n'


def to_frame(table: MethodTable) -> pd.DataFrame:
    """Put every figure in a data frame.

    Args:
        table (MethodTable): The figures.

    Returns:
        pd.DataFrame: One row per method; for each column the value, and
        ``_low``, ``_high``, ``_mark`` and ``_reason`` where there is one.
    """
    records = []
    for row in table.rows:
        record: dict[str, object] = dict(method=row.name, score=row.score)
        for column in table.columns:
            cell = row.cells[column.key]
            record[column.key] = cell.value
            for end, value in zip(('low', 'high'), cell.interval):
                record[f'{column.key}_{end}'] = value
            record[f'{column.key}_mark'] = cell.mark
            record[f'{column.key}_reason'] = cell.reason
        records.append(record)
    frame = pd.DataFrame.from_records(records).replace('', None)
    return frame.dropna(axis=1, how='all')


def write_comparison(table: MethodTable, out_dir: Path,
                     failures: Mapping[str, str] | None = None,
                     about: str = '') -> list[Path]:
    """Write ``comparison.md`` and ``comparison.csv``.

    Args:
        table (MethodTable): The figures.
        out_dir (Path): Folder to write to.
        failures (Mapping[str, str] | None): As in :func:`to_markdown`.
        about (str): As in :func:`to_markdown`.

    Returns:
        list[Path]: The files.
    """
    return write_texts(
        {'comparison.md': to_markdown(table, failures, about),
         'comparison.csv': to_frame(table).to_csv(index=False)}, out_dir)


def _group(table: MethodTable, columns: list[Column],
           reasons: dict[str, int]) -> list[str]:
    heads = ['method', *(one.title + _arrow(one) for one in columns)]
    lines = [_line(heads), _line(['---', *['---:'] * len(columns)])]
    for row in table.rows:
        lines.append(_line([row.name, *(
            _text(row.cells[column.key], column, reasons)
            for column in columns)]))
    return lines


def _line(cells: list[str]) -> str:
    return f'| {" | ".join(cell.replace("|", "/") for cell in cells)} |'


def _arrow(column: Column) -> str:
    return {'higher': ' ↑', 'lower': ' ↓'}.get(column.better, '')


def _text(cell: Cell, column: Column, reasons: dict[str, int]) -> str:
    if cell.value is None:
        number = reasons.setdefault(cell.reason, len(reasons) + 1)
        return f'- ({number})'
    text = f'{cell.value:,.{column.digits}f}'
    if cell.mark == 'best':
        text = f'**{text}**'
    elif cell.mark == 'tied':
        text += '\\*'
    if math.isnan(cell.interval.low):
        return text
    low, high = (f'{end:.{column.digits}f}' for end in cell.interval)
    return f'{text} [{low}, {high}]'
