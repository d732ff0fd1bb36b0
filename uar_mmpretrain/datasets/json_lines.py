"""JSON lines as columns: one object per image."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..files.json_text import parse_json
from .text_files import read_lines

__all__ = ['read_json_lines']


def read_json_lines(path: Path) -> tuple[dict[str, list], list[int]]:
    """Read one object per line; ``votes`` and ``probs`` are objects by class.

    Returns:
        Column name to N cells (votes and probabilities under ``vote_<class>``
        and ``prob_<class>``, 0 where an object does not name the class), and
        N row numbers.

    Raises:
        ValueError: If a line is no such object; names its row.
    """
    records, rows = [], []
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            records.append(_flatten(f'{path.name} row {number}', line))
            rows.append(number)
    names = dict.fromkeys(name for record in records for name in record)
    columns = {}
    for name in names:
        default = 0 if name.startswith(('vote_', 'prob_')) else ''
        columns[name] = [record.get(name, default) for record in records]
    return columns, rows


def _flatten(where: str, line: str) -> dict[str, Any]:
    try:
        record = parse_json(line)
    except ValueError as error:
        raise ValueError(f'{where}: no JSON ({error}).') from error
    if not isinstance(record, dict):
        raise ValueError(f'{where}: expected an object with img_path and '
                         f'votes, found {line.strip()[:40]}.')
    flat: dict[str, Any] = {}
    for key, value in record.items():
        named = {key: value}
        if key in ('votes', 'probs'):
            if not isinstance(value, dict):
                raise ValueError(f'{where}, {key}: expected an object by '
                                 f'class name, found {str(value)[:40]}.')
            named = {f'{key[:-1]}_{name}': x for name, x in value.items()}
        doubled = named.keys() & flat.keys()
        if doubled:
            raise ValueError(f'{where}: {min(doubled)[:40]!r} stands there '
                             'twice; keep one.')
        flat.update(named)
    return flat
