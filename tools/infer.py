"""Decide about pictures: accept, report or reject each, and say why.

Writes one JSON object per picture and line. Checkpoints need OpenMMLab; an
exported .onnx file runs with onnxruntime alone.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint', help='ensemble.pth, another checkpoint,'
                        ' or an .onnx file of tools/export_onnx.py')
    parser.add_argument('images', nargs='+', help='files, folders, patterns '
                        'or videos')
    parser.add_argument('--out', help='file for one JSON object per picture '
                        'and line; default: a line each on the screen')
    parser.add_argument('--batch-size', type=int, default=32)
    group = parser.add_argument_group('for checkpoints')
    group.add_argument('--config', help='config of the training; default: '
                       'the one in the checkpoint, or beside it')
    group.add_argument('--router', help='default router.json beside the '
                       'checkpoint')
    group.add_argument('--device', help="default a GPU, if there is one")
    group.add_argument('--half', '--amp', action='store_true',
                       help='half precision')
    group.add_argument('--input-size', type=int, help="side of the network's "
                       'images, where the config does not say it')
    group.add_argument('--face-model', help='YuNet model file: find, cut out '
                       'and align the faces first')
    group.add_argument('--show-dir', help='folder for pictures of the '
                       'decisions')
    args = parser.parse_args()
    given = [f'--{action.dest.replace("_", "-")}'
             for action in group._group_actions if getattr(args, action.dest)]
    if Path(args.checkpoint).suffix == '.onnx' and given:
        parser.error(f'{", ".join(given)}: for checkpoints only; an .onnx '
                     'file holds its router and its preprocessing')
    return args


def build_predictor(args: argparse.Namespace) -> Callable:
    """Return what takes inputs and gives decisions."""
    if Path(args.checkpoint).suffix == '.onnx':
        from uar_mmpretrain.deploy.onnx_predictor import OnnxPredictor
        return OnnxPredictor(args.checkpoint)
    from uar_mmpretrain.apis import FaceDetector, RoutingInferencer
    return RoutingInferencer(
        args.checkpoint, args.config, args.device, args.router, args.half,
        args.input_size,
        FaceDetector(args.face_model) if args.face_model else None)


def main() -> int:
    """Entry point; 1 if a picture failed."""
    args = parse_args()
    predictor = build_predictor(args)
    options = dict(show_dir=args.show_dir) if args.show_dir else {}
    decisions = predictor(args.images, batch_size=args.batch_size, **options)
    if args.out:
        decisions.write_jsonl(args.out)
    else:
        for one in decisions:
            if one.error is None:
                print(f'{one.source}: {one.action or "-"} {one.label} '
                      f'({one.reason})')
    for one in decisions.failed:
        print(f'{one.source}: failed: {one.error}', file=sys.stderr)
    counts = Counter('failed' if one.error else one.action or 'no action'
                     for one in decisions)
    text = ', '.join(f'{count} {name}' for name, count in counts.items())
    print(f'{len(decisions)} decisions: {text}', file=sys.stderr)
    return int(bool(decisions.failed))


if __name__ == '__main__':
    sys.exit(main())
