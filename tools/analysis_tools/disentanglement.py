"""Disentanglement error: does each part of uncertainty keep to its cause?

Trains ensembles along growing label noise and growing training sets, all
from one config, and ends with a table, a JSON file and a figure. Stopped at
any point, the same command goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from mmengine.config import Config, DictAction

import uar_mmpretrain  # noqa: F401
from uar_mmpretrain.engine.sweeps import (
    Step,
    StepResult,
    find_result,
    list_steps,
    publish_sweeps,
    run_step,
    step_config,
)

sys.path.insert(0, str(Path(__file__).parents[1]))
import common  # noqa: E402

_GRID = dict(noise=[0., 0.1, 0.2, 0.3, 0.5], sizes=[0.05, 0.1, 0.25, 0.5, 1.],
             repetitions=3)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', nargs='?',
                        default='configs/disentanglement/synthetic.py',
                        help='config of an ensemble; default %(default)s')
    parser.add_argument('--work-dir', help='folder of the results; default '
                        'work_dirs/disentanglement/CONFIG_NAME')
    parser.add_argument('--repetitions', type=int, help='how often the '
                        'sweeps are run, each with other seeds; default: '
                        'disentanglement.repetitions of the config, or 3')
    parser.add_argument('--members', type=int, help='members per ensemble; '
                        'default: that of the config')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction,
                        help='overrides, e.g. '
                        'disentanglement.noise="[0,.25,.5]"')
    args = parser.parse_args()
    args.launcher = 'none'
    if args.work_dir is None:
        args.work_dir = ('work_dirs/disentanglement/'
                         f'{Path(args.config).stem}')
    return args


def merge_args(cfg: Config, args: argparse.Namespace) -> Config:
    """Write the command line into the config, and fill what it leaves."""
    common.set_dataloader_defaults(cfg, pin_memory=False)
    common.merge_options(cfg, args)
    cfg.disentanglement = {**_GRID, **(cfg.get('disentanglement') or {})}
    if args.repetitions is not None:
        cfg.disentanglement.repetitions = args.repetitions
    if args.members is not None:
        cfg.ensemble = {**(cfg.get('ensemble') or {}),
                        'num_members': args.members}
    if (cfg.get('ensemble') or {}).get('num_members', 0) < 2:
        raise ValueError('epistemic uncertainty needs an ensemble; give '
                         '--members 2 or more.')
    # The tool's own progress would drown in the logs of each training.
    cfg.log_level = 'WARNING'
    return cfg


def run(cfg: Config) -> dict[Step, StepResult]:
    """Run what is missing, saying where it is."""
    configs = {step: step_config(cfg, step)
               for step in list_steps(**cfg.disentanglement)}
    # Both sweeps start at the same ensemble.
    results = {step.name: find_result(c) for step, c in configs.items()}
    missing = [name for name, result in results.items() if result is None]
    print(f'{len(results)} ensembles of {cfg.ensemble.num_members} members, '
          f'{len(results) - len(missing)} finished before', flush=True)
    start, done = time.time(), 0
    for step, step_cfg in configs.items():
        if results[step.name] is not None:
            continue
        result = results[step.name] = run_step(step_cfg)
        done += 1
        left = (time.time() - start) / done * (len(missing) - done)
        print(f'[{done}/{len(missing)}] {step.name}: error '
              f'{result.error:.3f}, aleatoric {result.aleatoric:.3f}, '
              f'epistemic {result.epistemic:.4f}; about {left / 60:.0f} min '
              'left', flush=True)
    return {step: results[step.name] for step in configs}


def main() -> None:
    """Entry point."""
    args = parse_args()
    cfg = merge_args(common.load_config(args), args)
    print(publish_sweeps(run(cfg), cfg.ensemble.num_members, cfg.work_dir))


if __name__ == '__main__':
    main()
