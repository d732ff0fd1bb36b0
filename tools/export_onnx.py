"""Export a checkpoint, its decomposition and its router as one ONNX file.

The file takes pixels and gives actions; onnxruntime alone runs it, for
example through tools/infer.py.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from uar_mmpretrain.deploy import export_checkpoint


def parse_args() -> argparse.Namespace:
    """Read the command line; CONFIG may be left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('paths', nargs='+', metavar='[CONFIG] CHECKPOINT',
                        help='config of the training (default: the one in '
                        'the checkpoint, or beside it), and the checkpoint')
    parser.add_argument('--out', help='file to write; default model.onnx '
                        'beside the checkpoint')
    parser.add_argument('--router', help='default router.json beside the '
                        'checkpoint')
    parser.add_argument('--input-size', type=int, help="side of the network's "
                        'images, where the config does not say it')
    args = parser.parse_args()
    if len(args.paths) > 2:
        parser.error(f'{len(args.paths)} files; expected a checkpoint, or a '
                     'config and a checkpoint')
    args.config, args.checkpoint = (None, *args.paths)[-2:]
    return args


def main() -> None:
    """Entry point."""
    args = parse_args()
    out = Path(args.out or Path(args.checkpoint).with_name('model.onnx'))
    metadata = export_checkpoint(args.checkpoint, out, args.config,
                                 args.router, args.input_size)
    size = metadata.preprocessing
    router = metadata.router
    print(f'{out}: {out.stat().st_size / 1e6:.1f} MB, {size.height} x '
          f'{size.width} pixels, {len(metadata.classes)} classes, ' +
          ('no router, no actions' if router is None else
           f'rejects by {router["score"]}'))


if __name__ == '__main__':
    main()
