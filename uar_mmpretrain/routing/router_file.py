"""The JSON file of a router."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FORMAT = 'uar_mmpretrain.router/2'
_LONG = 'calibration_scores'


def write_record(record: dict[str, Any], path: str | Path) -> None:
    """Write fields as JSON, beside and then renamed.

    Args:
        record (dict): JSON values by field.
        path (str | Path): File; its folder is made if needed.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    rest = {key: value for key, value in record.items() if key != _LONG}
    text = json.dumps({'format': FORMAT, **rest}, indent=2)
    # Thousands of numbers in one line: the rest stays readable.
    scores = json.dumps(record[_LONG])
    text = f'{text[:-2]},\n  "{_LONG}": {scores}\n}}\n'
    beside = path.with_name(path.name + '.tmp')
    beside.write_text(text, encoding='utf-8')
    os.replace(beside, path)


def read_record(path: str | Path) -> dict[str, Any]:
    """Read what :func:`write_record` wrote.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is not JSON or of another format.
    """
    path = Path(path)
    try:
        record = json.loads(path.read_text(encoding='utf-8'))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f'{path}: not JSON ({error}); expected a router '
                         'written by Router.save.') from error
    found = record.pop('format', None) if isinstance(record, dict) else None
    if found != FORMAT:
        raise ValueError(
            f'{path}: format {found!r}; expected {FORMAT!r}. Calibrate the '
            'router again with tools/calibrate_routing.py.')
    return record
