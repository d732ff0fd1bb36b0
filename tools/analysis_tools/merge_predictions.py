"""Put together a test whose corruptions were run apart.

Writes the predictions, ``metrics.json``, figures and report of the whole
test. Needs neither the model nor the images.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import uar_mmpretrain  # noqa: F401  # isort: skip
from uar_mmpretrain.evaluation.functional import has_parquet, write_table
from uar_mmpretrain.visualization import merge_results, publish_results


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out_dir', type=Path, help='folder to write to')
    parser.add_argument('parts', nargs='+', metavar='RESULT_DIR',
                        help='test folder of a work dir, or the '
                        'predictions.parquet or .csv in it')
    return parser.parse_args()


def main() -> None:
    """Entry point."""
    args = parse_args()
    table, results = merge_results(args.parts)
    suffix = 'parquet' if has_parquet() else 'csv'
    path = write_table(table, args.out_dir / f'predictions.{suffix}',
                       results.kind)
    print(publish_results(table, results, path, args.out_dir))


if __name__ == '__main__':
    main()
