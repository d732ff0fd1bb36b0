"""What the command-line tools share."""

from __future__ import annotations

import argparse
import os
import os.path as osp
from typing import Any

import torch
from mmengine.config import Config, ConfigDict
from mmengine.registry import RUNNERS
from mmengine.runner import Runner

from uar_mmpretrain.engine.processes import start_processes


def add_launcher_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of distributed runs."""
    parser.add_argument('--launcher', default='none',
                        choices=['none', 'pytorch', 'slurm', 'mpi'],
                        help='job launcher')
    # Newer torch launchers pass the hyphen, older ones the underscore.
    parser.add_argument('--local_rank', '--local-rank', type=int, default=0)


def parse(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Parse the command line and export the local rank."""
    args = parser.parse_args()
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    return args


def load_config(args: argparse.Namespace) -> Config:
    """Read the config; the command line's work_dir goes before its own."""
    if not osp.isfile(args.config):
        raise FileNotFoundError(
            f'no config at {args.config}. Run from the root of the clone, or '
            'give the path of a config file.')
    cfg = Config.fromfile(args.config)
    cfg.launcher = args.launcher
    if args.work_dir is not None:
        cfg.work_dir = args.work_dir
    elif cfg.get('work_dir') is None:
        name = osp.splitext(osp.basename(args.config))[0]
        cfg.work_dir = osp.join('work_dirs', name)
    return cfg


def merge_options(cfg: Config, args: argparse.Namespace) -> None:
    """Apply ``--cfg-options`` last, so that it wins over everything."""
    if args.cfg_options is not None:
        cfg.merge_from_dict(args.cfg_options)


def set_dataloader_defaults(cfg: Config, **defaults: Any) -> None:
    """Fill what the config's dataloaders leave open."""
    defaults['collate_fn'] = dict(type='default_collate')
    for name in ('train_dataloader', 'val_dataloader', 'test_dataloader'):
        loader = cfg.get(name)
        if loader is None:
            continue
        filled = ConfigDict({**defaults, **loader})
        # Nothing to pin for without a GPU: torch warns about it every epoch.
        if not (defaults.get('pin_memory', True)
                and torch.cuda.is_available()):
            filled.pin_memory = False
        if not filled.get('num_workers') or not defaults.get(
                'persistent_workers', True):
            filled.persistent_workers = False
        cfg[name] = filled


def use_amp(cfg: Config) -> None:
    """Train in mixed precision: float16 on GPUs, bfloat16 on a CPU."""
    on_gpu = torch.cuda.is_available()
    cfg.optim_wrapper.type = ('AmpOptimWrapper'
                              if on_gpu else 'AutocastOptimWrapper')
    if on_gpu:
        cfg.optim_wrapper.setdefault('loss_scale', 'dynamic')


def build_runner(cfg: Config) -> Any:
    """Build the runner that the config asks for."""
    start_processes(cfg)
    if 'runner_type' in cfg:
        return RUNNERS.build(cfg)
    return Runner.from_cfg(cfg)
