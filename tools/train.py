"""Train what a config describes: a deep ensemble, or a single model."""

from __future__ import annotations

import argparse

import common
from mmengine.config import Config, DictAction


def parse_args() -> argparse.Namespace:
    """Read the command line; the flags are those of mmpretrain's tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file')
    parser.add_argument('--work-dir', help='folder of the results; default '
                        'work_dirs/CONFIG_NAME')
    parser.add_argument(
        '--resume', nargs='?', const='auto',
        help='go on from the last checkpoint in work_dir (ensembles), or '
        'from the given checkpoint (single models)')
    parser.add_argument('--amp', action='store_true',
                        help='automatic mixed precision')
    parser.add_argument('--no-validate', action='store_true',
                        help='no evaluation on the validation split')
    parser.add_argument('--auto-scale-lr', action='store_true',
                        help='scale the learning rate by the batch size')
    parser.add_argument('--no-pin-memory', action='store_true')
    parser.add_argument('--no-persistent-workers', action='store_true')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction,
                        help='overrides, e.g. train_dataloader.batch_size=64 '
                        'or ensemble.members="[2]"')
    common.add_launcher_arguments(parser)
    return common.parse(parser)


def merge_args(cfg: Config, args: argparse.Namespace) -> Config:
    """Write the command line into the config."""
    if args.resume == 'auto':
        cfg.resume, cfg.load_from = True, None
    elif args.resume is not None:
        cfg.resume, cfg.load_from = True, args.resume
    if args.amp:
        common.use_amp(cfg)
    if args.no_validate:
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    if args.auto_scale_lr:
        cfg.auto_scale_lr.enable = True
    loader = dict(persistent_workers=not args.no_persistent_workers,
                  pin_memory=not args.no_pin_memory)
    common.set_dataloader_defaults(cfg, **loader)
    common.merge_options(cfg, args)
    return cfg


def main() -> None:
    """Entry point."""
    args = parse_args()
    cfg = merge_args(common.load_config(args), args)
    common.build_runner(cfg).train()


if __name__ == '__main__':
    main()
