"""Every score of several tests in one table: which one to reject by.

Writes ``channels.md`` and ``channels.csv``. Needs the predictions of the
tests, neither the model nor the images.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from pathlib import Path

import uar_mmpretrain  # noqa: F401  # isort: skip
from uar_mmpretrain.evaluation.functional import read_table
from uar_mmpretrain.evaluation.functional.channel_table import (
    ChannelTable,
    channel_table,
)
from uar_mmpretrain.visualization.channel_table import write_channel_table
from uar_mmpretrain.visualization.html_report.run import (
    find_predictions,
    run_names,
)
from uar_mmpretrain.visualization.read_results import METRICS_FILE
from uar_mmpretrain.visualization.results import Results


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('results', nargs='+', metavar='RESULT_DIR',
                        help='test folder of a work dir, or the '
                        'predictions.parquet or .csv in it')
    parser.add_argument('--names', nargs='+', metavar='NAME',
                        help='what the table calls each test; default: its '
                        'folder')
    parser.add_argument('--out-dir', type=Path, required=True,
                        help='folder to write to')
    parser.add_argument('--severity', type=int, default=5,
                        help='of the corrupted copies; default %(default)s')
    parser.add_argument('--num-resamples', type=int, default=200,
                        help='bootstrap replicates; default %(default)s')
    args = parser.parse_args()
    if args.names and len(set(args.names)) != len(args.results):
        parser.error(f'{len(args.results)} tests need as many different '
                     f'--names; found {args.names}')
    if args.num_resamples < 1:
        parser.error('--num-resamples must be at least 1')
    return args


def measure(predictions: Path, args: argparse.Namespace) -> ChannelTable:
    """Measure every score of a test, by the decomposition it was about."""
    beside = predictions.with_name(METRICS_FILE)
    kind = Results.load(beside).kind if beside.is_file() else 'entropy'
    table = read_table(predictions)
    try:
        return channel_table(table, kind, args.severity,
                             num_resamples=args.num_resamples)
    except ValueError as error:
        raise ValueError(f'{predictions}: {error}') from error


def main() -> None:
    """Entry point."""
    args = parse_args()
    files = [find_predictions(place) for place in args.results]
    names = args.names or run_names(files)
    tables = {name: measure(file, args) for name, file in zip(names, files)}
    command = shlex.join(['python', *sys.argv])
    about = f'`{command}`, {time.strftime("%Y-%m-%d")}'
    written = write_channel_table(tables, args.out_dir, about)
    print(written[0].read_text(encoding='utf-8'))
    print(*written, sep='\n')


if __name__ == '__main__':
    main()
