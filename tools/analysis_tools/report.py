"""Compute and show the results of a test again, from its predictions.

Writes ``report.html``, one self-contained page, and for a single test the
``metrics.json`` and ``figures/`` as well. Several tests are compared side by
side. Needs neither the model nor the images.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

import uar_mmpretrain  # noqa: F401  # isort: skip
from uar_mmpretrain.visualization import publish_results
from uar_mmpretrain.visualization.html_report import read_runs, write_report


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('results', nargs='+', metavar='RESULT_DIR',
                        help='test folder of a work dir, or the '
                        'predictions.parquet or .csv in it; several are '
                        'compared')
    parser.add_argument('--out-dir', type=Path, help='folder to write to; '
                        'default: that of the predictions; needed for '
                        'several tests')
    parser.add_argument('--images', type=Path, metavar='ROOT',
                        help='show faces by action, from the folder the '
                        'image ids are relative to; only for images that '
                        'may be passed on')
    args = parser.parse_args()
    if len(args.results) > 1 and args.out_dir is None:
        parser.error('several tests: say with --out-dir where the report is '
                     'to be written')
    return args


def main() -> None:
    """Entry point."""
    args = parse_args()
    command = shlex.join(['python', *sys.argv])
    runs = read_runs(args.results)
    if len(runs) == 1:
        run, = runs
        print(publish_results(run.table, run.results, run.source,
                              args.out_dir or run.source.parent, args.images,
                              command))
        return
    try:
        print(write_report(runs, args.out_dir / 'report.html', args.images,
                           command))
    except ImportError as error:
        sys.exit(f'no report.html: {error}')


if __name__ == '__main__':
    main()
