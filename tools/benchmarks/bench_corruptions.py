"""Time our corruptions against ``imagecorruptions`` and other packages.

All are timed in one run, one thread each, taking turns repeat by repeat, so
that whatever else the machine does falls on all alike. The reference lives
in an environment of its own (see ``reference_corruptions.py``)::

    python tools/benchmarks/bench_corruptions.py --reference-python PYTHON

albumentations and torchvision are added where one of the two environments
has them; they do something else under the same name.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

import uar_mmpretrain  # noqa: F401  # isort: skip
from uar_mmpretrain.corruptions import names as our_names
from uar_mmpretrain.corruptions.backend import BACKENDS, kernels, set_backend
from uar_mmpretrain.visualization.style import (
    BLUE,
    ORANGE,
    clean_axes,
    new_figure,
    save_figure,
)

WORKER = Path(__file__).with_name('corruption_worker.py')
OURS, REFERENCE = 'ours', 'imagecorruptions'
PEERS = ('albumentations', 'torchvision')
THREADS = ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS')
# So slow in the reference that it hides the other 18 in a sum.
SLOWEST = 'glass_blur'

# {corruption: {implementation: milliseconds}}
Times = dict[str, dict[str, float]]


class Process:
    """A worker process of one implementation."""

    def __init__(self, implementation: str, python: str) -> None:
        self.process = subprocess.Popen(
            [python, '-W', 'ignore', str(WORKER), implementation],
            env={**os.environ, **dict.fromkeys(THREADS, '1')},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request, wait for the answer.

        Raises:
            RuntimeError: If the worker failed; the message is its own.
        """
        print(json.dumps(request), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()  # type: ignore[union-attr]
        answer = json.loads(line or '{"error": "the process has ended"}')
        if 'error' in answer:
            self.close()
            raise RuntimeError(answer['error'])
        return answer

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--reference-python', required=True,
                        help='Python of an environment with imagecorruptions')
    parser.add_argument('--sizes', type=int, nargs='+', default=[224, 48],
                        help='sides of the square image; default: 224 48')
    parser.add_argument('--corruptions', nargs='+', default=our_names(),
                        choices=our_names(), metavar='NAME',
                        help='default: all')
    parser.add_argument('--backend', choices=BACKENDS, default='auto',
                        help='of our corruptions; default: auto')
    parser.add_argument('--repeats', type=int, default=5,
                        help='the fastest counts; default: 5')
    parser.add_argument('--out-dir', type=Path,
                        default=Path('work_dirs/bench_corruptions'),
                        help='folder of bench_corruptions.json and .png')
    return parser.parse_args()


def start(reference_python: str,
          side: int) -> tuple[dict[str, Process], dict[str, Any]]:
    """Start a worker for every implementation that is installed.

    Returns:
        tuple: The processes, and what each offers, by implementation.

    Raises:
        SystemExit: If the reference does not run.
    """
    processes, offers = {}, {}
    places = [(OURS, [sys.executable]), (REFERENCE, [reference_python])]
    places += [(peer, [reference_python, sys.executable]) for peer in PEERS]
    for implementation, pythons in places:
        for python in pythons:
            try:
                process = Process(implementation, python)
                offers[implementation] = process.ask(side=side)
                processes[implementation] = process
                break
            except (OSError, RuntimeError) as error:
                message = f'{implementation} does not run with {python}'
                if implementation not in PEERS:
                    raise SystemExit(f'{message}: {error}') from error
                print(f'left out: {message}: {error}')
    return processes, offers


def measure(processes: dict[str, Process], offers: dict[str, Any],
            names: list[str], side: int, repeats: int) -> Times:
    """Time every corruption at one size, the implementations taking turns.

    Returns:
        dict: Milliseconds of thread CPU time per image: the fastest repeat
        of every severity, averaged over severities.
    """
    times: Times = {}
    for name in names:
        taking_part = [i for i in processes if name in offers[i]['names']]
        repeated: dict[str, list[list[float]]] = {i: [] for i in taking_part}
        for _ in range(repeats):
            for implementation in taking_part:
                answer = processes[implementation].ask(side=side, name=name)
                repeated[implementation].append(answer['milliseconds'])
        times[name] = {
            implementation: float(np.min(rows, axis=0).mean())
            for implementation, rows in repeated.items()
        }
    return times


def with_sums(times: Times) -> Times:
    """Append the sums of what ours and the reference both have."""
    both = [n for n, row in times.items() if OURS in row and REFERENCE in row]
    sums = {f'sum of {len(both)}': both}
    if SLOWEST in both and len(both) > 1:
        sums[f'sum without {SLOWEST}'] = [n for n in both if n != SLOWEST]
    return {
        **times,
        **{
            label: {i: sum(times[n][i] for n in members)
                    for i in (OURS, REFERENCE)}
            for label, members in sums.items() if members
        }
    }


def ratio(row: dict[str, float]) -> float:
    """How many times as long the reference takes."""
    return row.get(REFERENCE, math.nan) / row[OURS]


def show(times: Times, side: int, implementations: list[str]) -> None:
    """Print one size as a table."""
    table = Table(title=f'{side} x {side} pixels, milliseconds per image',
                  title_justify='left')
    table.add_column('corruption', no_wrap=True)
    for implementation in implementations:
        table.add_column(implementation, justify='right')
    table.add_column(f'{REFERENCE} / ours', justify='right')
    for label, row in times.items():
        cells = [f'{row[i]:.3g}' if i in row else ''
                 for i in implementations]
        table.add_row(label, *cells, f'{ratio(row):.1f}',
                      style='bold' if label.startswith('sum') else None)
    Console(width=112).print(table)


def draw(results: dict[int, Times], path: Path) -> None:
    """Draw the ratios of every size as bars."""
    labels = list(next(iter(results.values())))
    figure = new_figure(7.0, 1.2 + 0.3 * len(labels))
    axes = figure.add_subplot()
    height = 0.8 / len(results)
    for number, (side, times) in enumerate(results.items()):
        places = np.arange(len(labels)) + (number + 0.5) * height - 0.4
        axes.barh(places, [ratio(times[label]) for label in labels], height,
                  color=(BLUE, ORANGE)[number % 2],
                  label=f'{side} pixels')
    axes.axvline(1, color='black', linewidth=0.8)
    axes.set_xscale('log')
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_xlabel(f'time of {REFERENCE} / time of ours, one thread')
    clean_axes(axes)
    figure.legend(loc='outside upper right', ncols=2, frameon=False)
    save_figure(figure, path)


def main() -> None:
    """Entry point."""
    args = parse_args()
    # Kept in the environment, so our worker has it too.
    set_backend(args.backend)
    backend = 'numba' if kernels() else 'numpy'
    print(f'backend of ours: {backend}')
    processes, offers = start(args.reference_python, args.sizes[0])
    results = {}
    for side in args.sizes:
        results[side] = with_sums(
            measure(processes, offers, args.corruptions, side, args.repeats))
        show(results[side], side, list(processes))
    for process in processes.values():
        process.close()
    content = dict(
        unit='milliseconds of thread CPU time per image, one thread, minimum '
             f'of {args.repeats} repeats, mean of the severities',
        machine=f'{platform.platform()}, {os.cpu_count()} CPUs',
        backend=backend,
        versions={i: offer['version'] for i, offer in offers.items()},
        results=results)
    args.out_dir.mkdir(parents=True, exist_ok=True)
    path = args.out_dir / 'bench_corruptions.json'
    path.write_text(json.dumps(content, indent=1) + '\n')
    draw(results, path.with_suffix('.png'))
    print(f'wrote {path} and {path.with_suffix(".png").name}')


if __name__ == '__main__':
    main()
