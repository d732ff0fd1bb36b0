"""Check the data a config names, before anything is trained on it.

Reads the label files, decodes every image and compares: counts with those of
a complete copy, files named with files there, sizes, unreadable images, and
images that stand in a split, or in two, more than once pixel for pixel. The
exit code is 1 if something is wrong.

Example:
    python tools/analysis_tools/check_data.py CONFIG --out data_check.json
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from mmengine.config import Config, DictAction
from mmengine.registry import init_default_scope
from rich.console import Console
from rich.progress import track

import uar_mmpretrain  # noqa: F401  # isort: skip
from uar_mmpretrain.datasets.checks import check_data, check_tables
from uar_mmpretrain.visualization.write_texts import write_texts

_MIN_WIDTH = 120


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('config', help='config file')
    parser.add_argument('--splits', nargs='+',
                        choices=['train', 'val', 'test'],
                        help='default: all that the config has')
    parser.add_argument('--out', type=Path,
                        help='JSON file for all figures and file names')
    parser.add_argument('--jobs', type=int,
                        help='threads that decode; default: one per core')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction,
                        help='overrides of the config')
    args = parser.parse_args()
    if args.jobs is not None and args.jobs < 1:
        parser.error('--jobs must be at least 1')
    return args


def main() -> None:
    """Check, show and write."""
    args = parse_args()
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options or {})
    init_default_scope(cfg.get('default_scope', 'mmpretrain'))
    check = check_data(cfg, args.splits, args.jobs, track)
    console = Console()
    # A log file has no width of its own.
    console.width = max(console.width, _MIN_WIDTH)
    for table in check_tables(check):
        console.print(table)
    if args.out is not None:
        text = json.dumps(check.to_dict(), indent=1) + '\n'
        write_texts({args.out.name: text}, args.out.parent)
        console.print(f'Wrote {args.out}, with all file names.')
    if not check.ok:
        console.print('Something is wrong with this data.')
        sys.exit(1)
    console.print('Nothing wrong was found.')


if __name__ == '__main__':
    main()
