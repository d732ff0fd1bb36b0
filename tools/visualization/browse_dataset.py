"""Contact sheets of the images a config trains or tests on.

Items come through the config's own pipeline, with votes (bars and counts),
soft label (dots), the class they are judged by (bold) and corruption.

Example:
    python tools/visualization/browse_dataset.py CONFIG --split train \\
        --out work_dirs/browse
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from mmengine.config import Config, DictAction
from mmengine.registry import init_default_scope
from mmengine.runner import set_random_seed
from mmpretrain.registry import DATASETS
from rich.progress import track

import uar_mmpretrain  # noqa: F401  # isort: skip
from uar_mmpretrain.datasets.checks.splits import SPLITS, split_config
from uar_mmpretrain.datasets.pipeline_stages import pipeline_stages
from uar_mmpretrain.visualization.dataset_sheet import SheetItem, draw_sheet
from uar_mmpretrain.visualization.style import save_figure

# Which stages of the pipeline are shown, as in mmpretrain's own browser.
_MODES = {
    'original': lambda stages: stages[:1],
    'transformed': lambda stages: stages[-1:],
    'concat': lambda stages: [stages[0], stages[-1]],
    'pipeline': lambda stages: stages,
}


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('config', help='config file')
    parser.add_argument('--split', default='train', choices=SPLITS)
    parser.add_argument('--out', type=Path, required=True,
                        help='folder for the sheets, SPLIT_000.png and on')
    parser.add_argument('--number', type=int, default=24,
                        help='items, drawn at random')
    parser.add_argument('--per-sheet', type=int, default=24)
    parser.add_argument('--mode', default='transformed', choices=_MODES,
                        help='images as loaded, as the network is given '
                        'them, both, or after every step')
    parser.add_argument('--seed', type=int, default=0,
                        help='of the draw and of random transforms')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction,
                        help='overrides of the config')
    args = parser.parse_args()
    for name in ('number', 'per_sheet'):
        if getattr(args, name) < 1:
            parser.error(f'--{name.replace("_", "-")} must be at least 1')
    return args


def main() -> None:
    """Draw items and write sheet by sheet."""
    args = parse_args()
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options or {})
    init_default_scope(cfg.get('default_scope', 'mmpretrain'))
    dataset = DATASETS.build(split_config(cfg, args.split))
    set_random_seed(args.seed)
    chosen = np.random.default_rng(args.seed).permutation(len(dataset))
    items = []
    for index in track(chosen[:args.number].tolist(), 'items'):
        info, stages = pipeline_stages(dataset, index)
        items.append(SheetItem(info, _MODES[args.mode](stages)))
    for start in range(0, len(items), args.per_sheet):
        path = args.out / f'{args.split}_{start // args.per_sheet:03}.png'
        sheet = draw_sheet(items[start:start + args.per_sheet],
                           dataset.metainfo['classes'])
        print(f'Wrote {save_figure(sheet, path)}.')


if __name__ == '__main__':
    main()
