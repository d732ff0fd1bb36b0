"""The steps of both sweeps, and the config of each."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mmengine.config import Config, ConfigDict

NOISE, SIZE = 'noise', 'size'
PREDICTIONS = 'predictions.csv'
# Repetitions share no seed, whatever the number of members.
_SEEDS_PER_REPETITION = 1000


@dataclass(frozen=True)
class Step:
    """One ensemble of a sweep.

    Args:
        sweep (str): :data:`NOISE` or :data:`SIZE`.
        amount (float): Share of images with permuted labels, or share of
            every class that is trained on.
        repetition (int): From 0.
    """

    sweep: str
    amount: float
    repetition: int

    @property
    def name(self) -> str:
        """Folder of the step; both sweeps share the one that all start at."""
        step = f'{self.sweep}_{self.amount:g}'
        if (self.sweep, self.amount) in ((NOISE, 0), (SIZE, 1)):
            step = 'all_images_own_labels'
        return f'repetition_{self.repetition}/{step}'


def list_steps(noise: Sequence[float], sizes: Sequence[float],
               repetitions: int) -> list[Step]:
    """List all steps, repetition by repetition.

    Args:
        noise (Sequence[float]): Shares of wrong labels, in [0, 1].
        sizes (Sequence[float]): Shares of the training set, in (0, 1].
        repetitions (int): How often the sweeps are run.

    Returns:
        list[Step]: Steps of both sweeps; two may have one ``name``.

    Raises:
        ValueError: If a share is outside its range or occurs twice, there
            are fewer than 3 of a kind, or no repetition.
    """
    if repetitions < 1:
        raise ValueError(f'{repetitions} repetitions; expected at least 1.')
    if not all(0 <= share <= 1 for share in noise):
        raise ValueError(f'noise={list(noise)}; expected shares from 0 to 1.')
    if not all(0 < share <= 1 for share in sizes):
        raise ValueError(f'sizes={list(sizes)}; expected shares above 0 and '
                         'up to 1.')
    for name, shares in (('noise', noise), ('sizes', sizes)):
        if len(set(shares)) < max(len(shares), 3):
            raise ValueError(f'{name}={list(shares)}; a correlation needs at '
                             'least 3 different steps.')
    return [Step(sweep, float(amount), repetition)
            for repetition in range(repetitions)
            for sweep, amounts in ((NOISE, noise), (SIZE, sizes))
            for amount in amounts]


def step_config(cfg: Config, step: Step) -> Config:
    """Derive the config of one step's ensemble.

    Noise permutes the labels of a share of the training *and* the test
    images. A smaller training set is repeated 1 / share times per epoch
    (rounded), so that every ensemble trains for about as many iterations,
    with the same schedule.

    Args:
        cfg (Config): Config of an ensemble.
        step (Step): Which step.

    Returns:
        Config: The step's own, to be trained and tested on the clean images
        of the test set, without validation.
    """
    cfg = copy.deepcopy(cfg)
    cfg.work_dir = str(Path(cfg.work_dir) / step.name)
    cfg.resume, cfg.load_from = True, None
    first = (cfg.get('randomness') or {}).get('seed') or 0
    first += _SEEDS_PER_REPETITION * step.repetition
    cfg.ensemble.seeds = list(range(first, first + cfg.ensemble.num_members))
    cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    cfg.custom_hooks = [hook for hook in cfg.get('custom_hooks') or []
                        if _kind(hook) != 'ResultsHook']
    cfg.test_dataloader.dataset = _clean(cfg.test_dataloader.dataset)
    cfg.test_evaluator = dict(
        type='DumpPredictions',
        out_file=str(Path(cfg.work_dir) / PREDICTIONS))
    if step.sweep == NOISE and step.amount > 0:
        for loader in (cfg.train_dataloader, cfg.test_dataloader):
            loader.dataset = ConfigDict(
                type='NoisyLabels', kind='permute', fraction=step.amount,
                seed=step.repetition, dataset=loader.dataset)
    elif step.sweep == SIZE and step.amount < 1:
        cfg.train_dataloader.dataset = ConfigDict(
            type='RepeatDataset', times=round(1 / step.amount),
            dataset=ConfigDict(
                type='StratifiedSubset', fraction=step.amount,
                seed=step.repetition, dataset=cfg.train_dataloader.dataset))
    return cfg


def _clean(dataset: ConfigDict) -> ConfigDict:
    """Take the clean images out of a corruption suite."""
    dataset = copy.deepcopy(dataset)
    if _kind(dataset) == 'CorruptionSuite':
        dataset = dataset.dataset
        dataset.pipeline = [transform for transform in dataset.pipeline
                            if _kind(transform) != 'Corrupt']
    return dataset


def _kind(config: ConfigDict) -> str:
    """Return a type without the scope that may stand before it."""
    return str(config['type']).split('.')[-1]
