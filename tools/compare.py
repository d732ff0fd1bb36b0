"""Compare methods: train what is missing, test all, write one table.

Writes ``comparison.md``, ``comparison.csv`` and ``report.html``. Stopped at
any point, the same command goes on where it was; a method that fails is
named under the table and costs the others nothing. The exit code is 1 if one
that was asked for is missing.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from pathlib import Path

import common
from mmengine.config import DictAction
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

import uar_mmpretrain  # noqa: F401
from uar_mmpretrain.engine.comparison import (
    Outcome,
    collect_figures,
    collect_runs,
    read_methods,
    run_methods,
)
from uar_mmpretrain.evaluation.functional.method_table import compare_methods
from uar_mmpretrain.visualization.comparison_table import write_comparison
from uar_mmpretrain.visualization.comparison_text import (
    ComparisonText,
    comparison_text,
)
from uar_mmpretrain.visualization.html_report import write_report


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='list of methods, e.g. '
                        'configs/compare/ferplus_48px.py')
    parser.add_argument('--work-dir', help='folder of the results; default '
                        'work_dirs/compare/CONFIG_NAME')
    parser.add_argument('--methods', nargs='+', metavar='NAME',
                        help='train and test these only; the table has all '
                        'that are finished')
    parser.add_argument('--num-resamples', type=int, default=2000,
                        help='bootstrap replicates; default %(default)s')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction,
                        help='overrides, e.g. '
                        'shared_options.test_dataloader.num_workers=2')
    args = parser.parse_args()
    args.launcher = 'none'
    if args.work_dir is None:
        args.work_dir = f'work_dirs/compare/{Path(args.config).stem}'
    return args


def check_names(args: argparse.Namespace, reference: str,
                names: list[str]) -> None:
    """Refuse names that the list of methods does not have."""
    for asker, asked in (('--methods', args.methods or []),
                         ('reference =', [reference] if reference else [])):
        unknown = sorted({*asked} - {*names})
        if unknown:
            raise ValueError(f'{asker} {unknown}; {args.config} lists '
                             f'{sorted(names)}.')


def write_page(outcomes: list[Outcome], names: list[str], path: Path,
               command: str, text: ComparisonText) -> str:
    """Write the report of several tests; without it say why."""
    try:
        return str(write_report(collect_runs(outcomes, names), path,
                                command=command, methods=text))
    except (ImportError, OSError, ValueError) as error:
        # The table does not need it.
        return f'no {path.name}: {error}'


def main() -> None:
    """Entry point."""
    args = parse_args()
    cfg = common.load_config(args)
    common.merge_options(cfg, args)
    methods = read_methods(cfg)
    names = [method.name for method in methods]
    reference = cfg.get('reference', '')
    check_names(args, reference, names)
    root, console = Path(args.work_dir), Console()
    with Progress(TextColumn('{task.description}'), BarColumn(),
                  MofNCompleteColumn(), TimeElapsedColumn(),
                  console=console, transient=True) as progress:
        task = progress.add_task('methods', total=len(methods))
        outcomes = []

        def tell(text: str) -> None:
            progress.update(task, description=text.split(':')[0])
            progress.console.print(f'{time.strftime("%H:%M:%S")} {text}',
                                   markup=False, highlight=False,
                                   soft_wrap=True)

        for outcome in run_methods(methods, root, args.methods, tell=tell):
            outcomes.append(outcome)
            progress.advance(task)
    figures, failures = collect_figures(outcomes, args.num_resamples)
    command = shlex.join(['python', *sys.argv])
    if not figures:
        sys.exit(f'no method is finished: {failures}')
    about = f'`{command}`, {time.strftime("%Y-%m-%d")}'
    measured = [one.name for one in figures]
    table = compare_methods(figures,
                            reference if reference in measured else '')
    files = write_comparison(table, root, failures, about)
    print(files[0].read_text(encoding='utf-8'))
    print(*files, write_page(outcomes, measured, root / 'report.html', command,
                             comparison_text(table, failures)), sep='\n')
    if {*(args.methods or names)} & {*failures}:
        sys.exit(1)


if __name__ == '__main__':
    main()
