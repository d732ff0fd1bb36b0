"""Cells of the result table: one value or interval, as text."""

from __future__ import annotations

from typing import Callable

from .results import Results

# Result, value, 95% interval, beside it.
Rows = list[tuple[str, str, str, str]]


def has(results: Results, key: str) -> bool:
    """Tell whether a value is there and a number."""
    return results.metrics.get(key) is not None


def as_number(value: float) -> str:
    """Write three decimals."""
    return f'{value:.3f}'


def as_percent(value: float) -> str:
    """Write a share in percent."""
    return f'{value:.1%}'


def number(results: Results, key: str) -> str:
    """Write a value, '-' if there is none."""
    return as_number(results.metrics[key]) if has(results, key) else '-'


def percent(results: Results, key: str) -> str:
    """Write a share in percent, '-' if there is none."""
    return as_percent(results.metrics[key]) if has(results, key) else '-'


def count(results: Results, key: str) -> str:
    """Write a whole number, '?' if there is none."""
    return f'{results.metrics[key]:,.0f}' if has(results, key) else '?'


def interval(results: Results, key: str,
             form: Callable[[float], str] = as_number) -> str:
    """Write both ends of a value's interval, '' if not known."""
    if not has(results, f'{key}_low'):
        return ''
    return ' to '.join(form(results.metrics[f'{key}_{end}'])
                       for end in ('low', 'high'))


def named(results: Results, name: str, key: str) -> str:
    """Write a value after its name, '' if there is none."""
    return f'{name} {number(results, key)}' if has(results, key) else ''
