"""The short table a test ends with."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from ..evaluation.functional.scores import EPISTEMIC
from ..routing import Action
from .calibration_rows import calibration_rows
from .class_table import class_table
from .result_cells import (
    Rows,
    as_percent,
    count,
    has,
    interval,
    named,
    number,
    percent,
)
from .results import Results
from .style import SCORE_NAMES

_WIDTH = 104
_ACTIONS = tuple(action.name.lower() for action in Action)
_CHANNEL = re.compile(r'routing/auroc_ambiguous_(.+?)(?<!_low)(?<!_high)$')
_COMPARATORS = {'total': 'total', 'best': 'best single score',
                'random': 'random'}
_SEVERITY = re.compile(r'decomposition/auroc_(?:epistemic|total)_sev(\d+)$')


def result_table(results: Results) -> Table:
    """Lay out the headline of a test.

    Args:
        results (Results): Values of the metrics; what is missing is left
            out, with its reason.

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
    sections = (_clean_rows, calibration_rows, _shift_rows, _routing_rows,
                _channel_rows, _action_rows)
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
    """Write the tables as plain text, with the data set and the files.

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
    classes = class_table(results)
    if classes is not None:
        console.print(classes)
    for file in files:
        console.print(str(file), markup=False, soft_wrap=True)
    lines = (line.rstrip() for line in stream.getvalue().splitlines())
    return '\n'.join(lines) + '\n'


def _title(results: Results) -> str:
    images = count(results, 'decomposition/num_images')
    members = results.num_members
    return (f'{images} clean images, {members} '
            f'member{"s" if members != 1 else ""}, decomposition '
            f'{results.kind!r}')


def _clean_rows(results: Results) -> Rows:
    rows: Rows = []
    if has(results, 'decomposition/accuracy'):
        judged = count(results, 'decomposition/accuracy_num_images')
        rows.append(('accuracy', percent(results, 'decomposition/accuracy'),
                     interval(results, 'decomposition/accuracy', as_percent),
                     f'{judged} judged images'))
    key = 'decomposition/spearman_aleatoric'
    if has(results, key):
        voted = count(results, 'decomposition/num_images_with_votes')
        rows.append(('Spearman, aleatoric and votes', number(results, key),
                     interval(results, key), f'{voted} images' +
                     named(results, ', ceiling of the votes',
                            'decomposition/vote_ceiling')))
    key = 'decomposition/spearman_aleatoric_truth'
    if has(results, key):
        rows.append(('  aleatoric and the true entropy', number(results, key),
                     interval(results, key), named(
                         results, 'mean absolute error in nats',
                         'decomposition/mae_aleatoric_truth')))
    return rows


def _shift_rows(results: Results) -> Rows:
    severities = sorted({
        int(match.group(1)) for match in map(_SEVERITY.match, results.metrics)
        if match
    })
    rows: Rows = []
    for severity in severities:
        first, second = (f'decomposition/auroc_{name}_sev{severity}'
                         for name in ('epistemic', 'total'))
        rows.append((f'AUROC of epistemic, severity {severity}',
                     number(results, first), interval(results, first),
                     named(results, 'total', second)))
    return rows


def _routing_rows(results: Results) -> Rows:
    score = results.setting('routing', 'score', EPISTEMIC)
    key = f'routing/retention_{score}'
    if not has(results, key):
        return []
    by = '' if score == EPISTEMIC else f', by {score}'
    rate = f'{results.metrics["routing/rejection_rate"]:.0%}'
    total, random = (percent(results, f'routing/retention_{name}')
                     for name in ('total', 'random'))
    rows: Rows = [(f'ambiguous kept at {rate} rejection{by}',
                    percent(results, key),
                    interval(results, key, as_percent),
                    f'total {total}, random {random}')]
    for name, shown in _COMPARATORS.items():
        key = f'routing/ratio_{name}'
        rows.append((f'  ratio to {shown}', number(results, key),
                     interval(results, key), _points(results, name)))
    key = f'routing/auroc_ambiguous_{score}'
    rows.append(('AUROC, corrupted : ambiguous', number(results, key),
                 interval(results, key),
                 named(results, 'total', 'routing/auroc_ambiguous_total') +
                 ', random 0.500'))
    return rows


def _channel_rows(results: Results) -> Rows:
    """Return one line per further rejection score of the model."""
    severity = results.setting('routing', 'severity', 5)
    # The AUROCs of channels are no headline: they are among the details.
    both = replace(results, metrics={**results.details, **results.metrics})
    names = [match[1] for match in map(_CHANNEL.match, results.metrics)
             if match and match[1] not in SCORE_NAMES]
    rows: Rows = []
    for name in names:
        key = f'routing/retention_{name}'
        rows.append((
            f'kept by {name}', percent(results, key),
            interval(results, key, as_percent), ', '.join(filter(None, [
                named(both, f'AUROC severity {severity}',
                      f'decomposition/auroc_{name}_sev{severity}'),
                named(both, 'to ambiguous',
                      f'routing/auroc_ambiguous_{name}')]))))
    return rows


def _action_rows(results: Results) -> Rows:
    rows: Rows = []
    for name in ('clean', 'clear', 'ambiguous', 'corrupted'):
        if has(results, f'actions/{name}_accept'):
            shares = [f'{percent(results, f"actions/{name}_{action}")} '
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


def _points(results: Results, name: str) -> str:
    key = f'routing/difference_{name}_points'
    if not has(results, key):
        return ''
    return (f'{results.metrics[key]:+.1f} points '
            f'({interval(results, key, "{:+.1f}".format)})')
