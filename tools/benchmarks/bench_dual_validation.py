"""Time the dual validation of an ensemble, ours against the plain way.

Plain: one pass per member, each over an ordinary mmpretrain pipeline that
reads the image and calls ``imagecorruptions`` for every variant. Ours:
``CorruptionSuite`` and ``EnsembleClassifier``, one pass for all, with what
``ChannelsLastHook`` and ``FuseConvBNHook`` do. Both go through the same data
loader settings in one run, taking turns::

    python tools/benchmarks/bench_dual_validation.py CONFIG CHECKPOINT \\
        --reference-packages FOLDER --images 20

FOLDER holds ``imagecorruptions`` and what it needs besides this environment:
``pip install --no-deps --target FOLDER imagecorruptions==1.1.2 scikit-image
lazy_loader imageio networkx tifffile``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from mmcv.cnn import fuse_conv_bn
from mmcv.transforms import BaseTransform
from mmengine.config import Config, DictAction
from mmengine.dataset import Compose
from mmengine.registry import init_default_scope
from mmengine.runner import Runner, autocast, load_checkpoint
from reference_corruptions import load
from rich.console import Console
from rich.table import Table

import uar_mmpretrain  # noqa: F401  # isort: skip
from mmpretrain.registry import DATASETS, MODELS

from uar_mmpretrain.datasets import CorruptionSuite
from uar_mmpretrain.datasets.transforms import Corrupt
from uar_mmpretrain.engine.runners.ensemble_config import ensemble_config


class ReferenceCorrupt(BaseTransform):
    """Calls the reference on the image of a pipeline."""

    def __init__(self) -> None:
        self.reference = None

    def transform(self, results: dict) -> dict:
        """Corrupt ``img`` (BGR) as ``corruption`` and ``severity`` say."""
        if self.reference is None:
            self.reference = load()
        if results['severity']:
            image = self.reference(results['img'][..., ::-1],
                                   results['corruption'], results['severity'])
            results['img'] = np.ascontiguousarray(image[..., ::-1])
        return results


class PlainSuite:
    """Every variant of every image through the whole pipeline."""

    def __init__(self, suite: CorruptionSuite) -> None:
        self.suite = suite
        self.metainfo = suite.metainfo
        self.pipeline = Compose([
            ReferenceCorrupt() if isinstance(t, Corrupt) else t
            for t in suite.dataset.pipeline.transforms])

    def __len__(self) -> int:
        return len(self.suite)

    def __getitem__(self, index: int) -> Any:
        return self.pipeline(self.suite.get_data_info(index))


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('config')
    parser.add_argument('checkpoint', help='of the ensemble')
    parser.add_argument('--images', type=int, default=20)
    parser.add_argument('--repeats', type=int, default=3,
                        help='the fastest counts')
    parser.add_argument('--amp', action='store_true',
                        help='ours in bfloat16, as tools/test.py --amp')
    parser.add_argument('--workers', type=int, default=1)
    parser.add_argument('--reference-packages', required=True,
                        help='folder with imagecorruptions')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction)
    args = parser.parse_args()
    # Last, so that it adds packages and replaces none.
    sys.path.append(args.reference_packages)
    return args


def spread(config: dict, images: int) -> CorruptionSuite:
    """Build the suite on about as many images as asked, spread evenly."""
    suite = DATASETS.build(config)
    every = max(1, len(suite) // len(suite.variants) // images)
    return DATASETS.build(dict(config, dataset=suite.dataset, every=every))


def loader_of(dataset: Any, cfg: Config, workers: int) -> Any:
    """Make a loader with the config's batch size, as the tools do."""
    return Runner.build_dataloader(
        dict(batch_size=cfg.test_dataloader.batch_size, num_workers=workers,
             sampler=dict(type='DefaultSampler', shuffle=False),
             collate_fn=dict(type='default_collate'), dataset=dataset))


@torch.no_grad()
def run(model: Any, loader: Any, amp: bool = False) -> None:
    """Predict every item."""
    with autocast(enabled=amp):
        for batch in loader:
            model.test_step(batch)


def seconds(work: Callable[[], None]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Entry point."""
    args = parse_args()
    cfg = Config.fromfile(args.config)
    if args.cfg_options:
        cfg.merge_from_dict(args.cfg_options)
    init_default_scope('mmpretrain')
    num_members = cfg.ensemble.num_members
    ensemble = MODELS.build(
        ensemble_config(cfg, num_members, args.checkpoint, 'test').model)
    load_checkpoint(ensemble, args.checkpoint, map_location='cpu')
    ensemble.eval()
    members = [MODELS.build(cfg.model) for _ in range(num_members)]
    for ours, plain in zip(ensemble.members, members):
        plain.load_state_dict(ours.state_dict())
        plain.eval()
    ensemble.to(memory_format=torch.channels_last)
    fuse_conv_bn(ensemble)

    suite = spread(cfg.test_dataloader.dataset, args.images)
    fast = loader_of(suite, cfg, args.workers)
    slow = loader_of(PlainSuite(suite), cfg, args.workers)

    def plain_way() -> None:
        for member in members:
            run(member, slow)

    times: dict[str, list[float]] = {'ours': [], 'plain': []}
    for _ in range(args.repeats):
        times['ours'].append(seconds(lambda: run(ensemble, fast, args.amp)))
        times['plain'].append(seconds(plain_way))
    report(times, suite, num_members)


def report(times: dict[str, list[float]], suite: CorruptionSuite,
           num_members: int) -> None:
    """Print the fastest of each, and the ratio."""
    best = {label: min(values) for label, values in times.items()}
    table = Table(
        title=f'dual validation, {len(suite) // len(suite.variants)} images '
        f'x {len(suite.variants)} variants, {num_members} members',
        title_justify='left')
    for column in ('', 'seconds', 'variants per second', 'images per second'):
        table.add_column(column, justify='right')
    for label, value in best.items():
        table.add_row(label, f'{value:.2f}', f'{len(suite) / value:.0f}',
                      f'{len(suite) / len(suite.variants) / value:.2f}')
    Console(width=90).print(table)
    print(f"plain / ours: {best['plain'] / best['ours']:.1f}")


if __name__ == '__main__':
    main()
