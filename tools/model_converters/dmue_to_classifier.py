"""Take the plain classifier out of a DMUE checkpoint.

Writes OUT.pth (weights) and OUT.py (config) of an ImageClassifier that gives
the same scores, without auxiliary branches and confidence module.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from mmengine.config import Config

import uar_mmpretrain  # noqa: F401
from uar_mmpretrain.engine.checkpoints import read_checkpoint, write_checkpoint
from uar_mmpretrain.files.atomic_write import atomic_write
from uar_mmpretrain.models.dmue import export_classifier


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config of the DMUE training')
    parser.add_argument('checkpoint', help='its checkpoint')
    parser.add_argument('out', help='OUT, path without ending')
    return parser.parse_args()


def main() -> None:
    """Entry point."""
    args = parse_args()
    cfg = Config.fromfile(args.config)
    checkpoint = read_checkpoint(args.checkpoint)
    cfg.model, weights = export_classifier(cfg.model, checkpoint['state_dict'])
    out = Path(args.out)
    # What the optimiser knew is of parameters that are no more.
    write_checkpoint(
        dict(meta=checkpoint.get('meta', {}), state_dict=weights),
        out.with_name(f'{out.name}.pth'))
    config = out.with_name(f'{out.name}.py')
    with atomic_write(config) as beside:
        cfg.dump(beside)
    print(f'{len(weights)} of {len(checkpoint["state_dict"])} tensors kept: '
          f'{config}, {config.with_suffix(".pth")}')


if __name__ == '__main__':
    main()
