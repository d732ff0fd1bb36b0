"""Test a checkpoint: accuracy, dual validation, routing."""

from __future__ import annotations

import argparse

import common
import mmengine
from mmengine.config import Config, ConfigDict, DictAction

from uar_mmpretrain.files.atomic_write import atomic_write


def parse_args() -> argparse.Namespace:
    """Read the command line; the flags are those of mmpretrain's tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', nargs='?', help='checkpoint file; an '
                        'ensemble defaults to ensemble.pth in its work dir, '
                        'or to the ensemble.checkpoints of the config')
    parser.add_argument('--work-dir', help='folder of the results; default '
                        'work_dirs/CONFIG_NAME')
    parser.add_argument('--out', help='file for predictions (.pkl) or '
                        'metrics, see --out-item')
    parser.add_argument('--out-item', choices=['metrics', 'pred'],
                        help='what --out holds; default pred')
    parser.add_argument('--amp', action='store_true',
                        help='automatic mixed precision')
    parser.add_argument('--show-dir', help='folder for pictures of the '
                        'predictions')
    parser.add_argument('--show', action='store_true',
                        help='show the predictions in a window')
    parser.add_argument('--interval', type=int, default=1,
                        help='show every n-th image')
    parser.add_argument('--wait-time', type=float, default=2,
                        help='seconds each image is shown')
    parser.add_argument('--no-pin-memory', action='store_true')
    parser.add_argument('--tta', action='store_true',
                        help='average over the image and its mirror image')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction,
                        help='overrides, e.g. ensemble.batched=True')
    common.add_launcher_arguments(parser)
    args = common.parse(parser)
    if args.out_item is not None and args.out is None:
        parser.error('--out-item needs --out FILE')
    if args.tta and (args.show or args.show_dir):
        parser.error('--show and --show-dir draw one image per prediction; '
                     '--tta has two')
    return args


def merge_args(cfg: Config, args: argparse.Namespace) -> Config:
    """Write the command line into the config."""
    cfg.load_from = args.checkpoint
    if args.amp:
        cfg.test_cfg.fp16 = True
    if args.show or args.show_dir:
        cfg.default_hooks.visualization = dict(
            type='RoutingVisualizationHook', show=args.show,
            out_dir=args.show_dir, wait_time=args.wait_time,
            interval=args.interval)
        cfg.visualizer = dict(cfg.get('visualizer', {}),
                              type='RoutingVisualizer')
    if args.tta:
        use_tta(cfg)
    common.set_dataloader_defaults(cfg, pin_memory=not args.no_pin_memory)
    common.merge_options(cfg, args)
    return cfg


def use_tta(cfg: Config) -> None:
    """Put a mirror image beside each test image, members kept apart."""
    dataset = cfg.test_dataloader.dataset
    while 'pipeline' not in dataset:
        dataset = dataset.dataset
    pack = dataset.pipeline[-1]
    dataset.pipeline[-1] = dict(
        type='TestTimeAug',
        transforms=[[dict(type='RandomFlip', prob=1.),
                     dict(type='RandomFlip', prob=0.)], [pack]])
    cfg.model = ConfigDict(type='MemberScoreTTA', module=cfg.model)


def main() -> None:
    """Entry point."""
    args = parse_args()
    cfg = merge_args(common.load_config(args), args)
    if args.checkpoint is None and 'ensemble' not in cfg:
        raise ValueError(f'{args.config} is no ensemble: name the checkpoint '
                         'to test.')
    runner = common.build_runner(cfg)
    if args.out and args.out_item != 'metrics':
        from mmengine.evaluator import DumpResults
        runner.test_evaluator.metrics.append(
            DumpResults(out_file_path=args.out))
    metrics = runner.test()
    if args.out and args.out_item == 'metrics':
        with atomic_write(args.out) as beside:
            mmengine.dump(metrics, str(beside))


if __name__ == '__main__':
    main()
