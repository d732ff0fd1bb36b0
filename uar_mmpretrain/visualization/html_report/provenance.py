"""What a test stands on, and what could not be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from .plane import Plane
from .run import ReportRun


def notes(run: ReportRun, plane: Plane | None, origin: str) -> list[str]:
    """Say what was left out and why.

    Args:
        run (ReportRun): What was tested.
        plane (Plane | None): Its uncertainty plane, if there is one.
        origin (str): Why there is none, otherwise.

    Returns:
        list[str]: One sentence each.
    """
    parts: dict[str, list[str]] = {}
    for part, reason in run.results.notes.items():
        parts.setdefault(reason, []).append(part.replace('/', ': '))
    found = [f'{", ".join(names)}: {reason}.'
             for reason, names in parts.items()]
    if plane is None:
        found.append(f'uncertainty plane: {origin}.')
    elif run.table.action is not None:
        changed = int(np.sum(run.table.action != plane.action))
        if changed:
            found.append(f'{changed:,} rows of the predictions hold another '
                         'action than the stored thresholds give; the page '
                         'shows what the thresholds give.')
    found += [str(note) for note in run.results.dataset.get('notes') or []]
    return found


def settings(run: ReportRun) -> list[tuple[str, str]]:
    """List everything the numbers depend on.

    Args:
        run (ReportRun): What was tested.

    Returns:
        list[tuple[str, str]]: Name and value.
    """
    results, table = run.results, run.table
    rows = [('predictions', str(run.source)),
            ('rows', f'{len(table):,}'),
            ('clean images', f'{int(table.is_clean.sum()):,}'),
            ('members', str(table.num_members)),
            ('decomposition', results.kind),
            ('vote policy', _vote_policy(run))]
    dataset = {key: value for key, value in results.dataset.items()
               if key not in ('summary', 'notes')}
    rows += [(f'data set: {key}', _text(value))
             for key, value in dataset.items()]
    rows += [(f'metric: {key}', _text(value))
             for key, value in results.settings.items()]
    rows += [(f'router: {key}', _text(value))
             for key, value in (results.router or {}).items()
             if key != 'calibration_scores']
    return [(name, value) for name, value in rows if value]


def _vote_policy(run: ReportRun) -> str:
    if not run.table.voted.any():
        return 'no votes'
    dataset, metrics = run.results.dataset, run.results.metrics
    rules = [f'{name.replace("_", " ")} {dataset[name]}'
             for name in ('label_rule', 'eval_rule') if name in dataset]
    cut = metrics.get('routing/ambiguous_cut')
    at = '' if cut is None else f' ({cut:.3f} nats)'
    return '; '.join([*rules, 'ambiguous: vote entropy at or above its '
                      f'{run.ambiguous_quantile:g} quantile{at}, ties '
                      'included'])


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ', '.join(f'{key} {_text(item)}'
                         for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ', '.join(map(_text, value))
    return json.dumps(value)
