"""Table, file and figure of the disentanglement error."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from ...evaluation.functional import Report, Sweep, disentanglement_report
from ...files.atomic_write import atomic_write
from ...visualization.disentanglement_curves import (
    PARTS,
    SWEEP_TITLES,
    plot_sweeps,
)
from ...visualization.style import save_figure
from .steps import NOISE, SIZE, Step
from .training import StepResult, collect_sweep

_FORMAT = 'uar_mmpretrain.disentanglement/1'
_AMOUNTS = {NOISE: 'of the labels permuted', SIZE: 'of the training images'}
_WIDTH = 90


def publish_sweeps(results: Mapping[Step, StepResult], num_members: int,
                   out_dir: str | Path) -> str:
    """Write ``disentanglement.json`` and ``disentanglement.png``.

    Args:
        results (Mapping[Step, StepResult]): All steps of both sweeps.
        num_members (int): Members per ensemble.
        out_dir (str | Path): Folder to write to.

    Returns:
        str: The tables to show, with the files written.
    """
    sweeps = {name: collect_sweep(results, name) for name in (NOISE, SIZE)}
    report = disentanglement_report(sweeps[NOISE], sweeps[SIZE])
    files = [
        _save(results, report, num_members,
              Path(out_dir) / 'disentanglement.json'),
        save_figure(plot_sweeps(sweeps, report),
                    Path(out_dir) / 'disentanglement.png')
    ]
    stream = io.StringIO()
    console = Console(file=stream, width=_WIDTH, color_system=None,
                      highlight=False)
    console.print(_step_table(results, sweeps))
    console.print(_term_table(report, num_members, len(sweeps[NOISE].error)))
    for name, note in report.notes.items():
        console.print(f'{name}: {note}', markup=False, soft_wrap=True)
    for file in files:
        console.print(str(file), markup=False, soft_wrap=True)
    return '\n'.join(line.rstrip()
                     for line in stream.getvalue().splitlines())


def _step_table(results: Mapping[Step, StepResult],
                sweeps: Mapping[str, Sweep]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_style='bold',
                  title='Mean over repetitions', title_justify='left')
    for column in ('', 'error rate', *PARTS):
        table.add_column(column, justify='right' if column else 'left',
                         no_wrap=True)
    for name, sweep in sweeps.items():
        amounts = sorted({s.amount for s in results if s.sweep == name})
        for index, amount in enumerate(amounts):
            means = [getattr(sweep, field)[:, index].mean()
                     for field in ('error', *PARTS)]
            table.add_row(f'{amount:.4g} {_AMOUNTS[name]}',
                          *(f'{mean:.4f}' for mean in means))
        table.add_section()
    return table


def _term_table(report: Report, num_members: int, repetitions: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_style='bold',
                  title=f'{num_members} members, repetitions: {repetitions}',
                  title_justify='left')
    for column in ('', 'term', 'correlation', 'nats per unit of error'):
        table.add_column(column, justify='right' if column else 'left')
    for name in (NOISE, SIZE):
        for part in PARTS:
            key = f'{part}_{name}'
            table.add_row(f'{part}, {SWEEP_TITLES[name]}',
                          _mean(report.values, f'term_{key}'),
                          _mean(report.details, f'correlation_{key}'),
                          _mean(report.details, f'slope_{key}'))
    table.add_section()
    table.add_row('disentanglement error',
                  _mean(report.values, 'disentanglement_error'), '', '')
    return table


def _mean(values: Mapping[str, float], key: str) -> str:
    text = f'{values[key]:.3f}'
    if f'{key}_2sem' in values:
        text += f' ± {values[f"{key}_2sem"]:.3f}'
    return text


def _save(results: Mapping[Step, StepResult], report: Report,
          num_members: int, path: Path) -> Path:
    """Write JSON."""
    record = dict(
        format=_FORMAT, num_members=num_members, values=report.values,
        details=report.details, notes=report.notes,
        steps=[{**asdict(step), **asdict(result)}
               for step, result in results.items()])
    with atomic_write(path) as beside:
        beside.write_text(
            json.dumps(record, indent=2, allow_nan=False) + '\n',
            encoding='utf-8')
    return path
