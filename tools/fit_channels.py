"""Fit the further epistemic scores of an ensemble on clean images.

Writes channels.pth beside the checkpoint. Tests, calibration and the
inferencer find it there.
"""

from __future__ import annotations

import argparse

import common
from mmengine.config import DictAction
from mmengine.registry import init_default_scope

import uar_mmpretrain  # noqa: F401
from uar_mmpretrain.engine.channel_fitting import fit_channels
from uar_mmpretrain.engine.processes import start_processes


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='checkpoint of the ensemble')
    parser.add_argument('--work-dir', help='folder of the log; default '
                        'work_dirs/CONFIG_NAME')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction,
                        help='overrides of the config')
    common.add_launcher_arguments(parser)
    return common.parse(parser)


def main() -> None:
    """Entry point."""
    args = parse_args()
    cfg = common.load_config(args)
    common.set_dataloader_defaults(cfg)
    common.merge_options(cfg, args)
    start_processes(cfg)
    init_default_scope(cfg.get('default_scope', 'mmpretrain'))
    print(f'channels: {fit_channels(cfg, args.checkpoint)}')


if __name__ == '__main__':
    main()
