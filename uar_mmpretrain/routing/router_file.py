"""The JSON file of a router."""

from __future__ import annotations

import json
import reprlib
from pathlib import Path
from typing import Any

from ..files.atomic_write import atomic_write
from ..files.json_text import parse_json
from .router_fields import check_fields

FORMAT = 'uar_mmpretrain.router/2'
_LONG = 'calibration_scores'


def write_record(record: dict[str, Any], path: str | Path) -> None:
    """Write fields as JSON, beside and then renamed.

    Args:
        record (dict): JSON values by field.
        path (str | Path): File; its folder is made if needed.
    """
    rest = {key: value for key, value in record.items() if key != _LONG}
    text = json.dumps({'format': FORMAT, **rest}, indent=2)
    # Thousands of numbers in one line: the rest stays readable.
    scores = json.dumps(record[_LONG])
    text = f'{text[:-2]},\n  "{_LONG}": {scores}\n}}\n'
    with atomic_write(path) as beside:
        beside.write_text(text, encoding='utf-8')


def read_record(path: str | Path) -> dict[str, Any]:
    """Read what :func:`write_record` wrote.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is not JSON, of another format, or a field
            is of another type.
    """
    path = Path(path)
    try:
        record = parse_json(path.read_text(encoding='utf-8'))
    except ValueError as error:
        raise ValueError(f'{path}: not JSON ({error}); expected a router '
                         'written by Router.save.') from error
    found = record.pop('format', None) if isinstance(record, dict) else None
    again = 'Calibrate the router again with tools/calibrate_routing.py.'
    if found != FORMAT:
        raise ValueError(f'{path}: format {reprlib.repr(found)}; expected '
                         f'{FORMAT!r}. {again}')
    try:
        check_fields(record)
    except ValueError as error:
        raise ValueError(f'{path}: {error} {again}') from error
    return record
