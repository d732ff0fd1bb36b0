"""The table of several methods as Markdown and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..evaluation.functional.method_table import MethodTable
from .comparison_text import TextCell, TextTable, comparison_text
from .write_texts import write_texts


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
    text = comparison_text(table, failures)
    lines = [about, ''] if about else []
    for one in text.tables:
        lines += [f'**{one.title}**', '', *_lines(one), '']
    notes = '\n\n'.join(text.notes).replace('*', '\\*')
    return '\n'.join([*lines, notes]) + '\n'


def to_frame(table: MethodTable) -> pd.DataFrame:
    """Put every figure in a data frame.

    Args:
        table (MethodTable): The figures.

    Returns:
        pd.DataFrame: One row per method; for each column the value, and
        ``_low``, ``_high``, ``_mark`` and ``_reason`` where there is one;
        ``_sd``, the standard deviation over trainings, where there are
        several;
        ``_difference``, ``_difference_low`` and ``_difference_high`` where
        there is a reference.
    """
    records = []
    for row in table.rows:
        record: dict[str, object] = dict(
            method=row.name, score=row.score, aleatoric_score=row.aleatoric)
        for column in table.columns:
            key, cell = column.key, row.cells[column.key]
            record[key] = cell.value
            record.update(_ends(key, cell.interval))
            record[f'{key}_sd'] = cell.spread
            record[f'{key}_mark'] = cell.mark
            record[f'{key}_reason'] = cell.reason
            if cell.difference is not None:
                record[f'{key}_difference'] = cell.difference.value
                record.update(_ends(f'{key}_difference',
                                    cell.difference.interval))
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


def _ends(key: str, interval: tuple[float, float]) -> dict[str, float]:
    return {f'{key}_{end}': value
            for end, value in zip(('low', 'high'), interval)}


def _lines(table: TextTable) -> list[str]:
    lines = [_line(['method', *table.heads]),
             _line(['---', *['---:'] * len(table.heads)])]
    return lines + [_line([name, *map(_cell, cells)])
                    for name, cells in table.rows.items()]


def _line(cells: list[str]) -> str:
    return f'| {" | ".join(cell.replace("|", "/") for cell in cells)} |'


def _cell(cell: TextCell) -> str:
    if cell.note:
        return f'- ({cell.note})'
    marked = dict(best='**{}**', tied='{}\\*').get(cell.mark, '{}')
    return f'{marked.format(cell.value)} {cell.interval}'.rstrip()
