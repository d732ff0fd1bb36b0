"""What the fields in the file of a router must be."""

from __future__ import annotations

import reprlib
import sys
from collections.abc import Mapping
from typing import Any, Callable


def check_fields(record: Mapping[str, Any]) -> None:
    """Refuse a value that is of another type than its field.

    Fields that are missing, or that a router does not have, are left to its
    constructor.

    Raises:
        ValueError: If so; names the field.
    """
    for name, (fits, expected) in _FIELDS.items():
        if name in record and not fits(record[name]):
            raise ValueError(f'{name} is {reprlib.repr(record[name])}; '
                             f'expected {expected}.')


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_number(value: Any) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        # JSON has integers that no float holds.
        return abs(value) <= sys.float_info.max
    return isinstance(value, float)


def _is_temperature(value: Any) -> bool:
    return (_is_object(value) and _is_text(value.get('mode', ''))
            and _list_of(_is_number)(value.get('values', [])))


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    'tau_epistemic': (_is_number, 'a number'),
    'tau_aleatoric': (_is_number, 'a number'),
    'kind': (_is_text, 'the name of a decomposition'),
    'info': (_is_object, 'an object'),
    'score': (_is_text, 'the name of a score'),
    'temperature': (_is_temperature, 'an object of mode and values'),
    'classes': (_list_of(_is_text), 'a list of names'),
    'checkpoint': (lambda value: value is None or _is_text(value),
                   'a fingerprint or null'),
    'promises': (_is_object, 'an object'),
    'calibration_scores': (_list_of(_is_number), 'a list of numbers'),
}
