"""Train what a config describes: a deep ensemble, or a single model."""

from __future__ import annotations

import argparse
import os
import sys

import common
import torch
from mmengine.config import Config, DictAction

from uar_mmpretrain.engine import EnsembleRunner
from uar_mmpretrain.engine.preemption import exit_when_asked
from uar_mmpretrain.engine.runners.resumable import train_one
from uar_mmpretrain.engine.side_by_side import (
    CommandsFailed,
    places,
    run_side_by_side,
)


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
    _add_parallel_members(parser)
    parser.add_argument('--unfinished', action='store_true',
                        help='train nothing; print the members that are not '
                        'trained yet, such as 1,3')
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
    args = common.parse(parser)
    if args.parallel_members is not None and args.launcher != 'none':
        parser.error('--parallel-members gives each member a process of its '
                     'own, --launcher gives one member several; use one of '
                     'them')
    return args


def _add_parallel_members(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        '--parallel-members', type=int, metavar='N',
        help='train N members at a time, each in a process of its own: on a '
        'GPU of its own, or without GPUs on a share of the cores')


def member_command(member: int) -> list[str]:
    """Return the command line of this process, for one member only."""
    parser = argparse.ArgumentParser(add_help=False)
    _add_parallel_members(parser)
    _, others = parser.parse_known_args()
    return [sys.executable, '-u', __file__, *others, '--cfg-options',
            f'ensemble.members=[{member}]', 'ensemble.merge=False']


def train_side_by_side(runner: EnsembleRunner, number: int) -> None:
    """Train the members that are not finished."""
    names = {m: f'member {m}' for m in runner.members.unfinished()
             if m in runner.selected}
    try:
        # Asked to stop, it asks the members, and ends when they have saved.
        with exit_when_asked():
            run_side_by_side(
                {name: member_command(m) for m, name in names.items()},
                {name: runner.members.file(m).with_name('train.log')
                 for m, name in names.items()},
                places(number, visible_gpus(), len(os.sched_getaffinity(0))))
    except CommandsFailed as error:
        sys.exit(f'{error}\nThe same command with --resume goes on.')


def visible_gpus() -> list[str]:
    """Name the GPUs of this process as CUDA_VISIBLE_DEVICES does."""
    numbers = [str(i) for i in range(torch.cuda.device_count())]
    named = os.environ.get('CUDA_VISIBLE_DEVICES')
    return named.split(',')[:len(numbers)] if named else numbers


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
    if 'ensemble' not in cfg:
        if args.unfinished or args.parallel_members is not None:
            sys.exit(f'{args.config} is no ensemble, and has no members.')
        train_one(cfg)
        return
    runner = common.build_runner(cfg)
    if args.unfinished:
        # By name only: a login node may see another config (--amp looks for
        # a GPU). What is there is checked when the members are joined.
        print(*(m for m in runner.selected
                if not runner.members.file(m).is_file()), sep=',')
        return
    if args.parallel_members is not None:
        train_side_by_side(runner, args.parallel_members)
    runner.train()


if __name__ == '__main__':
    main()
