"""JSON that others wrote; imports nothing of OpenMMLab."""

from __future__ import annotations

import json
from typing import Any


def parse_json(text: str) -> Any:
    """Parse JSON, refusing what ``json.loads`` passes over or stumbles at.

    Of a key that stands twice in one object ``json.loads`` takes the last
    value without a word.

    Args:
        text (str): JSON; the words NaN and Infinity are read, too.

    Raises:
        ValueError: If it is no JSON, nested too deeply, or names a key of
            one object twice.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError('it is nested too deeply') from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'the key {doubled[:40]!r} stands twice; keep one')
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_without_doubles)
