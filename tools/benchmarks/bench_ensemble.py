"""Time the ways to run an ensemble against one of its members.

All ways answer the same pixels in one run with the same number of threads,
taking turns repeat by repeat, so that whatever else the machine does falls on
all alike; the median counts. Beside the time that passes stands the time of
the processors, which a loaded machine changes less::

    python tools/benchmarks/bench_ensemble.py \\
        configs/uar/resnet-48px_ens_ferplus.py --image-size 48

- loop: the members one after the other
- threads: each on a thread of its own (CPU)
- batched: one pass over stacked weights
- compiled, compiled_batched: the two before through ``torch.compile``, which
  takes minutes; only where asked for
- onnx: all members, decomposition included, in one graph in onnxruntime (CPU)

What cannot run is left out with the reason. Without a checkpoint the weights
are random, which costs the same.
"""

from __future__ import annotations

import argparse
import copy
import csv
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmcv.cnn import fuse_conv_bn
from mmengine.config import Config, DictAction
from mmengine.registry import init_default_scope
from mmengine.runner import load_checkpoint
from rich.console import Console
from rich.table import Table

import uar_mmpretrain  # noqa: F401  # isort: skip
from mmpretrain.registry import MODELS

from uar_mmpretrain.engine.runners.ensemble_config import ensemble_config
from uar_mmpretrain.models import EnsembleClassifier
from uar_mmpretrain.models.classifiers.by_member import by_member
from uar_mmpretrain.models.member_pass import MemberPass
from uar_mmpretrain.models.stacked import stacking_pays
from uar_mmpretrain.models.threads import run_members

# (N, H, W, 3) uint8 pixels -> (N, M, C) member scores
Way = Callable[[np.ndarray], Any]
ONE = 'one member'
WAYS = ('loop', 'threads', 'batched', 'compiled', 'compiled_batched', 'onnx')
MEAN, STD = 127.5, 64.


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('config', help='of the ensemble')
    parser.add_argument('checkpoint', nargs='?', help='of the ensemble')
    parser.add_argument('--image-size', type=int, required=True,
                        help='side of the square images in pixels')
    parser.add_argument('--members', type=int,
                        help='default: as many as in the config')
    parser.add_argument('--batch-sizes', type=int, nargs='+',
                        default=[1, 32], help='default: 1 32')
    parser.add_argument('--ways', nargs='+', choices=WAYS, metavar='WAY',
                        default=['loop', 'threads', 'batched', 'onnx'],
                        help=f'of {", ".join(WAYS)}; default: loop threads '
                        'batched onnx')
    parser.add_argument('--device', default='cpu', help='default: cpu')
    parser.add_argument('--repeats', type=int, default=20,
                        help='the median counts; default: 20')
    parser.add_argument('--out-dir', type=Path,
                        default=Path('work_dirs/bench_ensemble'),
                        help='folder of bench_ensemble.csv')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction)
    args = parser.parse_args()
    for flag, number in (('--image-size', args.image_size),
                         ('--members', args.members),
                         ('--batch-sizes', min(args.batch_sizes)),
                         ('--repeats', args.repeats)):
        if number is not None and number < 1:
            parser.error(f'{flag} must be at least 1')
    return args


def build(args: argparse.Namespace) -> EnsembleClassifier:
    """Build the ensemble as the hooks of a test leave it."""
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options or {})
    if 'ensemble' not in cfg:
        raise ValueError(f'{args.config} is no ensemble; expected a config '
                         'with ensemble = dict(num_members=...).')
    # These take their own time, whichever way the members run.
    cfg.ensemble.channels = []
    cfg.model.pop('data_preprocessor', None)
    cfg.data_preprocessor = dict(mean=[MEAN] * 3, std=[STD] * 3)
    members = args.members or cfg.ensemble.num_members
    torch.manual_seed(0)
    model = MODELS.build(ensemble_config(
        cfg, members, Path(args.checkpoint or 'none'), 'test').model)
    if args.checkpoint:
        load_checkpoint(model, args.checkpoint, map_location='cpu')
    model.eval()
    fuse_conv_bn(model)
    return model.to(args.device, memory_format=torch.channels_last)


def make_way(name: str, model: EnsembleClassifier,
             image_size: int) -> Way:
    """Return a function that runs all members.

    Raises:
        Exception: Whatever keeps this way from running.
    """
    if name == 'onnx':
        return onnx_way(model, image_size)
    members = copy.deepcopy(model.members)
    device = next(members.parameters()).device
    run = {
        ONE: lambda images: [members[0](images, mode='tensor')],
        'loop': lambda images: [member(images, mode='tensor')
                                for member in members],
        'threads': lambda images: run_members(members, images),
    }.get(name) or MemberPass(
        members, batched=name.endswith('batched'),
        compile_options={} if name.startswith('compiled') else None)

    def way(pixels: np.ndarray) -> np.ndarray:
        images = torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2)
        logits = run((images.float() - MEAN) / STD)
        scores = torch.cat([by_member(z) for z in logits], 1).softmax(-1)
        # Copying to the CPU waits for the GPU.
        return scores.cpu().numpy()

    return way


def onnx_way(model: EnsembleClassifier, image_size: int) -> Way:
    """Export the ensemble and return its session."""
    import onnxruntime

    from uar_mmpretrain.deploy.export import export_onnx
    from uar_mmpretrain.deploy.preprocessing import Preprocessing
    model = copy.deepcopy(model).cpu()
    pixels = np.zeros((1, image_size, image_size, 3), np.uint8)
    classes = make_way(ONE, model, image_size)(pixels).shape[-1]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'ensemble.onnx'
        export_onnx(model, path, classes=[f'{c}' for c in range(classes)],
                    preprocessing=Preprocessing(
                        image_size, image_size, mean=[MEAN] * 3,
                        std=[STD] * 3))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        # Its threads would go on spinning while the next way is timed.
        options.add_session_config_entry('session.intra_op.allow_spinning',
                                         '0')
        session = onnxruntime.InferenceSession(
            str(path), options, providers=['CPUExecutionProvider'])
    names = [output.name for output in session.get_outputs()]
    place = names.index('member_scores')
    name = session.get_inputs()[0].name
    return lambda pixels: session.run(names, {name: pixels})[place]


def make_ways(args: argparse.Namespace,
              model: EnsembleClassifier) -> dict[str, Way]:
    """Make every way that runs and gives the numbers of a loop."""
    size = args.image_size
    pixels = random_pixels(2, size)
    expected = make_way('loop', model, size)(pixels)
    ways = {ONE: make_way(ONE, model, size)}
    for name in args.ways:
        try:
            way = make_way(name, model, size)
            difference = np.abs(way(pixels) - expected).max()
        except Exception as error:
            # A benchmark of the others is worth having.
            reason = (str(error) or repr(error)).splitlines()[0]
            print(f'left out: {name}: {reason}')
            continue
        print(f'{name}: member scores within {difference:.1e} of a loop')
        ways[name] = way
    return ways


def random_pixels(number: int, image_size: int) -> np.ndarray:
    """Draw ``(N, S, S, 3)`` uint8 pixels."""
    shape = (number, image_size, image_size, 3)
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def measure(ways: dict[str, Way], pixels: np.ndarray,
            repeats: int) -> list[dict[str, Any]]:
    """Time one batch, the ways taking turns.

    Returns:
        list[dict]: For each way its name, the batch size, the median
        milliseconds that passed and that processors worked, and both over
        those of one member.
    """
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    # The first round warms up.
    for _ in range(repeats + 1):
        for name, way in ways.items():
            start = time.perf_counter(), time.process_time()
            way(pixels)
            times[name].append((time.perf_counter() - start[0],
                                time.process_time() - start[1]))
    medians = {name: 1000 * np.median(values[1:], axis=0)
               for name, values in times.items()}
    return [
        dict(way=name, batch_size=len(pixels), milliseconds=passed,
             ratio=passed / medians[ONE][0], processor_milliseconds=worked,
             processor_ratio=worked / medians[ONE][1])
        for name, (passed, worked) in medians.items()
    ]


def show(rows: list[dict[str, Any]]) -> None:
    """Print the times, and what they are over those of one member."""
    table = Table('batch', 'way')
    for column in ('ms', f'/ {ONE}', 'processor ms', f'/ {ONE}'):
        table.add_column(column, justify='right')
    for row in rows:
        table.add_row(f"{row['batch_size']}", row['way'],
                      f"{row['milliseconds']:.2f}", f"{row['ratio']:.2f}",
                      f"{row['processor_milliseconds']:.2f}",
                      f"{row['processor_ratio']:.2f}")
    Console(width=100).print(table)


@torch.no_grad()
def main() -> None:
    """Entry point."""
    args = parse_args()
    init_default_scope('mmpretrain')
    model = build(args)
    ways = make_ways(args, model)
    print(f'{model.num_members} members on {args.device}, '
          f'{torch.get_num_threads()} threads, {platform.machine()}, load '
          f'{os.getloadavg()[0]:.1f}, median of {args.repeats}')
    rows = []
    for size in args.batch_sizes:
        found = measure(ways, random_pixels(size, args.image_size),
                        args.repeats)
        show(found)
        rows += found
        pays = stacking_pays(args.device.split(':')[0], size,
                             model.num_members)
        print(f"batched='auto' at a batch of {size}: "
              f"{'batched' if pays else 'member by member'}")
    args.out_dir.mkdir(parents=True, exist_ok=True)
    path = args.out_dir / 'bench_ensemble.csv'
    with path.open('w', newline='') as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    print(f'wrote {path}')


if __name__ == '__main__':
    main()
