"""Calibrate a router: two thresholds, and what they promise.

The calibration split is the validation split of the config. Its images must
be neither trained nor tested on; this is checked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import common
from mmengine.config import Config, DictAction
from mmengine.dist import is_main_process
from mmengine.registry import init_default_scope
from mmpretrain.registry import DATASETS
from rich.console import Console

import uar_mmpretrain  # noqa: F401
from uar_mmpretrain.datasets.split_overlap import (
    check_held_out,
    list_images,
)
from uar_mmpretrain.engine.checkpoints import read_checkpoint
from uar_mmpretrain.evaluation.functional import (
    CalibrationOptions,
    calibrate_router,
    has_parquet,
    read_table,
)
from uar_mmpretrain.evaluation.functional.routing.accepted_losses import LOSSES
from uar_mmpretrain.routing import fingerprint_weights
from uar_mmpretrain.routing.promises import PROMISES
from uar_mmpretrain.uncertainty.temperature import MODES
from uar_mmpretrain.visualization.router_table import router_table


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    default = CalibrationOptions()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('--promise', choices=PROMISES,
                        default=default.promise,
                        help='rejection: at most ALPHA of clean images are '
                        'rejected; risk: also a mean loss of at most RISK on '
                        'accepted images; quantile: no promise')
    parser.add_argument('--alpha', type=float, default=default.alpha,
                        help='share of clean images that may be rejected')
    parser.add_argument('--delta', type=float, default=default.delta,
                        help='each promise holds with confidence 1 - DELTA')
    parser.add_argument('--risk', type=float, default=default.risk,
                        help='mean loss of accepted images')
    parser.add_argument('--loss', choices=LOSSES, default=default.loss,
                        help='error: wrong evaluation label; votes: one minus '
                        'the vote share of the predicted class')
    parser.add_argument('--score', default=default.score,
                        help='score to reject by: epistemic or a channel')
    parser.add_argument('--temperature', choices=MODES,
                        default=default.temperature,
                        help='temperature scaling of the members')
    parser.add_argument('--split-seed', type=int, default=default.split_seed,
                        help='deals the images out where several things are '
                        'fitted')
    parser.add_argument('--predictions', help='predictions on the '
                        'calibration split, .parquet or .csv: nothing is run')
    parser.add_argument('--out', help='file to write; default router.json '
                        'beside the checkpoint')
    parser.add_argument('--work-dir', help='folder of the predictions; '
                        'default work_dirs/CONFIG_NAME')
    parser.add_argument('--cfg-options', nargs='+', action=DictAction,
                        help='overrides of the config')
    common.add_launcher_arguments(parser)
    return common.parse(parser)


def calibration_options(cfg: Config,
                        args: argparse.Namespace) -> CalibrationOptions:
    """Check the options before anything is run."""
    kind = (cfg.get('ensemble') or cfg.model).get('kind', 'entropy')
    return CalibrationOptions(
        kind=kind, score=args.score, temperature=args.temperature,
        promise=args.promise, alpha=args.alpha, delta=args.delta,
        risk=args.risk, loss=args.loss, split_seed=args.split_seed)


def compare_splits(cfg: Config) -> tuple[dict[str, str], list[str], str]:
    """Compare the calibration images with those trained and tested on.

    Returns:
        tuple: Images of the calibration split by id, what names the split,
        and a sentence on what was compared.

    Raises:
        ValueError: If an image occurs in two splits.
    """
    if not cfg.get('val_dataloader'):
        raise ValueError('the config has no val_dataloader; it names the '
                         'calibration split.')
    init_default_scope(cfg.get('default_scope', 'mmpretrain'))
    dataset = DATASETS.build(cfg.val_dataloader.dataset)
    images, compared = list_images(dataset), []
    if images is None:
        raise ValueError(f'{type(dataset).__name__} does not name its images; '
                         'expected a data set with get_data_info() that '
                         'gives image_id or img_path.')
    for split in ('train', 'test'):
        loader = cfg.get(f'{split}_dataloader')
        if not loader:
            continue
        try:
            others = list_images(DATASETS.build(loader.dataset))
        except FileNotFoundError as error:
            # Calibrating needs no test images; that they are elsewhere is
            # said, not guessed around.
            compared.append(f'not compared with {split} ({error})')
            continue
        if others is None:
            compared.append(f'not compared with {split} (its data set names '
                            'no images)')
            continue
        check_held_out(images, others, split)
        compared.append(f'none of them among {len(others)} of {split}')
    names = [str(dataset.metainfo[key]) for key in ('dataset', 'split')
             if dataset.metainfo.get(key)]
    return images, names, f'{len(images)} images, {", ".join(compared)}'


def predict(cfg: Config) -> Path:
    """Run the model over the calibration split; return the predictions."""
    suffix = 'parquet' if has_parquet() else 'csv'
    path = Path(cfg.work_dir) / 'calibration' / f'predictions.{suffix}'
    cfg.val_evaluator = [dict(type='DumpPredictions', out_file=str(path))]
    cfg.val_cfg = cfg.get('val_cfg') or dict()
    common.build_runner(cfg).val()
    return path


def main() -> None:
    """Entry point."""
    args = parse_args()
    cfg = common.load_config(args)
    cfg.load_from = args.checkpoint
    common.set_dataloader_defaults(cfg)
    common.merge_options(cfg, args)
    options = calibration_options(cfg, args)
    weights = fingerprint_weights(read_checkpoint(
        args.checkpoint)['state_dict'])
    images, split, held_out = compare_splits(cfg)
    path = args.predictions or predict(cfg)
    if not is_main_process():
        return
    table = read_table(path)
    unknown = sorted(set(table.image_id) - set(images))
    if unknown:
        raise ValueError(
            f'{path}: {len(unknown)} images are not in the calibration split '
            f'(first: {unknown[0]}). Give predictions on val_dataloader.')
    router = calibrate_router(table, options, checkpoint=weights, split=split)
    out = Path(args.out or Path(args.checkpoint).with_name('router.json'))
    router.save(out)
    Console(width=104).print(router_table(
        router, table, {'held out': held_out, 'file': str(out)}))


if __name__ == '__main__':
    main()
