"""The short table a test ends with."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Callable

from rich import box
from rich.console import Console
from rich.table import Table

from ..routing import Action
from .results import Results

_WIDTH = 104
_ACTIONS = tuple(action.name.lower() for action in Action)
_Rows = list[tuple[str, str, str, str]]
_SEVERITY = re.compile(r'decomposition/auroc_(?:epistemic|total)_sev(\d+)$')


def result_table(results: Results) -> Table:
    """Lay out the headline of a test.

    Args:
        results (Results): Values of DecompositionMetric and RoutingMetric;
            what is missing is left out, with its reason.

    Returns:
        Table: Four columns: result, value, 95% interval, beside it.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False,
                  title=_title(results), title_justify='left',
                  title_style='bold')
    table.add_column('', no_wrap=True)
    table.add_column('value', justify='right', no_wrap=True)
    table.add_column('95% interval', justify='right', no_wrap=True)
    table.add_column('beside it')
    sections = (_clean_rows, _shift_rows, _routing_rows, _action_rows)
    for rows in (section(results) for section in sections):
        for row in rows:
            table.add_row(*row)
        if rows:
            table.add_section()
    for part, reason in _reasons(results).items():
        table.add_row(f'[dim]{part}[/]', '[dim]left out[/]', '',
                      f'[dim]{reason}[/]')
    return table


def render_results(results: Results, files: Sequence[str | Path]) -> str:
    """Write the table as plain text, with the data set and the files.

    Args:
        results (Results): What to show.
        files (Sequence[str | Path]): Files of this test.

    Returns:
        str: Several lines.
    """
    stream = io.StringIO()
    console = Console(file=stream, width=_WIDTH, color_system=None,
                      highlight=False)
    summary = results.dataset.get('summary')
    if summary:
        console.print(summary, markup=False, soft_wrap=True)
    console.print(result_table(results))
    for file in files:
        console.print(str(file), markup=False, soft_wrap=True)
    lines = (line.rstrip() for line in stream.getvalue().splitlines())
    return '\n'.join(lines) + '\n'


def _title(results: Results) -> str:
    images = _count(results, 'decomposition/num_images')
    members = results.num_members
    return (f'{images} clean images, {members} '
            f'member{"s" if members != 1 else ""}, decomposition '
            f'{results.kind!r}')


def _clean_rows(results: Results) -> _Rows:
    rows: _Rows = []
    if _has(results, 'decomposition/accuracy'):
        judged = _count(results, 'decomposition/accuracy_num_images')
        rows.append(('accuracy', _percent(results, 'decomposition/accuracy'),
                     '', f'{judged} judged images'))
    key = 'decomposition/spearman_aleatoric'
    if _has(results, key):
        voted = _count(results, 'decomposition/num_images_with_votes')
        rows.append(('Spearman, aleatoric and votes', _number(results, key),
                     _interval(results, key), f'{voted} images' +
                     _named(results, ', ceiling of the votes',
                            'decomposition/vote_ceiling')))
    return rows


def _shift_rows(results: Results) -> _Rows:
    severities = sorted({
        int(match.group(1)) for match in map(_SEVERITY.match, results.metrics)
        if match
    })
    rows: _Rows = []
    for severity in severities:
        first, second = (f'decomposition/auroc_{name}_sev{severity}'
                         for name in ('epistemic', 'total'))
        rows.append((f'AUROC of epistemic, severity {severity}',
                     _number(results, first), _interval(results, first),
                     _named(results, 'total', second)))
    return rows


def _routing_rows(results: Results) -> _Rows:
    key = 'routing/retention_epistemic'
    if not _has(results, key):
        return []
    rate = f'{results.metrics["routing/rejection_rate"]:.0%}'
    total, random = (_percent(results, f'routing/retention_{name}')
                     for name in ('total', 'random'))
    rows: _Rows = [(f'ambiguous kept at {rate} rejection',
                    _percent(results, key),
                    _interval(results, key, _as_percent),
                    f'total {total}, random {random}')]
    for name in ('total', 'random'):
        key = f'routing/ratio_{name}'
        rows.append((f'  ratio to {name}', _number(results, key),
                     _interval(results, key), _points(results, name)))
    key = 'routing/auroc_ambiguous_epistemic'
    rows.append(('AUROC, corrupted : ambiguous', _number(results, key),
                 _interval(results, key),
                 _named(results, 'total', 'routing/auroc_ambiguous_total') +
                 ', random 0.500'))
    return rows


def _action_rows(results: Results) -> _Rows:
    rows: _Rows = []
    for name in ('clean', 'clear', 'ambiguous', 'corrupted'):
        if _has(results, f'actions/{name}_accept'):
            shares = [f'{_percent(results, f"actions/{name}_{action}")} '
                      f'{action}' for action in _ACTIONS]
            rows.append((f'router on {name} images', '', '',
                         ', '.join(shares)))
    return rows


def _reasons(results: Results) -> dict[str, str]:
    """Return one line per reason, however many parts it explains."""
    parts: dict[str, list[str]] = {}
    for part, reason in results.notes.items():
        parts.setdefault(reason, []).append(part.split('/')[-1])
    return {', '.join(dict.fromkeys(names)): reason
            for reason, names in parts.items()}


def _has(results: Results, key: str) -> bool:
    return results.metrics.get(key) is not None


def _as_number(value: float) -> str:
    return f'{value:.3f}'


def _as_percent(value: float) -> str:
    return f'{value:.1%}'


def _number(results: Results, key: str) -> str:
    return _as_number(results.metrics[key]) if _has(results, key) else '-'


def _percent(results: Results, key: str) -> str:
    return _as_percent(results.metrics[key]) if _has(results, key) else '-'


def _count(results: Results, key: str) -> str:
    return f'{results.metrics[key]:,.0f}' if _has(results, key) else '?'


def _interval(results: Results, key: str,
              form: Callable[[float], str] = _as_number) -> str:
    if not _has(results, f'{key}_low'):
        return ''
    return ' to '.join(form(results.metrics[f'{key}_{end}'])
                       for end in ('low', 'high'))


def _named(results: Results, name: str, key: str) -> str:
    return f'{name} {_number(results, key)}' if _has(results, key) else ''


def _points(results: Results, name: str) -> str:
    key = f'routing/difference_{name}_points'
    if not _has(results, key):
        return ''
    return (f'{results.metrics[key]:+.1f} points '
            f'({_interval(results, key, "{:+.1f}".format)})')
