"""Compute and draw the results of a test again, from its predictions.

Needs neither the model nor the images.
"""

from __future__ import annotations

import argparse

import uar_mmpretrain  # noqa: F401  # isort: skip
from uar_mmpretrain.visualization import redo_results


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('predictions', help='predictions.parquet or .csv in '
                        'the test folder of a work dir')
    parser.add_argument('--out-dir', help='folder of metrics.json and '
                        'figures/; default: that of the predictions')
    return parser.parse_args()


def main() -> None:
    """Entry point."""
    args = parse_args()
    print(redo_results(args.predictions, args.out_dir))


if __name__ == '__main__':
    main()
