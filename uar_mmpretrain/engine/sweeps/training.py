"""Training, testing and remembering one step after the other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from mmengine.config import Config

from ...evaluation.functional import PredictionTable, Sweep, read_table
from ...files.atomic_write import atomic_write
from ..runners import EnsembleRunner
from ..runners.member_config import fingerprint, member_config
from .steps import PREDICTIONS, Step

_RESULT = 'step.json'


@dataclass(frozen=True)
class StepResult:
    """What one ensemble shows on the clean test images.

    Args:
        error (float): Error rate, 1 - accuracy.
        aleatoric (float): Mean over all test images.
        epistemic (float): Mean over all test images.
        mark (str): Fingerprint of the config.
    """

    error: float
    aleatoric: float
    epistemic: float
    mark: str


def find_result(cfg: Config) -> StepResult | None:
    """Return the result of a finished step.

    Args:
        cfg (Config): Config from :func:`step_config`.

    Raises:
        ValueError: If the step was run with another config.
    """
    path = Path(cfg.work_dir) / _RESULT
    if not path.is_file():
        return None
    result = StepResult(**json.loads(path.read_text(encoding='utf-8')))
    if result.mark != _mark(cfg):
        raise ValueError(
            f'{path} is from another config (fingerprint {result.mark}, now '
            f'{_mark(cfg)}). Choose another --work-dir, or delete '
            f'{path.parent} to run this step again.')
    return result


def run_step(cfg: Config) -> StepResult:
    """Train and test one step; its weights are deleted when it is done.

    Args:
        cfg (Config): Config from :func:`step_config`.

    Returns:
        StepResult: What it shows, also written to its folder.
    """
    runner = EnsembleRunner.from_cfg(cfg)
    runner.train()
    runner.test()
    folder = Path(cfg.work_dir)
    table = read_table(folder / PREDICTIONS)
    result = measure(table, cfg.ensemble.get('kind', 'entropy'), _mark(cfg))
    with atomic_write(folder / _RESULT) as beside:
        beside.write_text(json.dumps(asdict(result), indent=2) + '\n',
                          encoding='utf-8')
    # Dozens of ensembles fill a disk, and the predictions say it all.
    for weights in folder.rglob('*.pth'):
        weights.unlink()
    return result


def measure(table: PredictionTable, kind: str, mark: str = '') -> StepResult:
    """Reduce a test to its error rate and mean uncertainties.

    Args:
        table (PredictionTable): Clean rows of one ensemble.
        kind (str): See :func:`uar_mmpretrain.uncertainty.decompose`.
        mark (str): Fingerprint to keep with the result.

    Returns:
        StepResult: The error on images with an evaluation label, and means
        over all images.

    Raises:
        ValueError: If no image has an evaluation label, or there is only
            one member.
    """
    judged = table.eval_label >= 0
    if not judged.any():
        raise ValueError('no test image has an evaluation label; there is no '
                         'error rate.')
    parts = table.decompose(kind)
    if not parts.has_epistemic:
        raise ValueError('one member has no epistemic uncertainty; use two '
                         'or more.')
    wrong = table.mean_scores.argmax(1) != table.eval_label
    return StepResult(
        error=float(wrong[judged].mean()),
        aleatoric=float(parts.aleatoric.mean()),
        epistemic=float(parts.epistemic.mean()),
        mark=mark)


def collect_sweep(results: Mapping[Step, StepResult], sweep: str) -> Sweep:
    """Arrange the results of one sweep, smallest amount first.

    Args:
        results (Mapping[Step, StepResult]): All steps of all repetitions.
        sweep (str): :data:`NOISE` or :data:`SIZE`.

    Returns:
        Sweep: ``(repetitions, steps)`` arrays.
    """
    steps = [step for step in results if step.sweep == sweep]
    rows = [[results[Step(sweep, amount, repetition)]
             for amount in sorted({step.amount for step in steps})]
            for repetition in sorted({step.repetition for step in steps})]
    return Sweep(*(np.array([[getattr(result, name) for result in row]
                             for row in rows])
                   for name in ('error', 'aleatoric', 'epistemic')))


def _mark(cfg: Config) -> str:
    """Hash what decides the result of a step."""
    decisive = [fingerprint(member_config(cfg, member, seed))
                for member, seed in enumerate(cfg.ensemble.seeds)]
    decisive += [cfg.test_dataloader.dataset.to_dict(),
                 cfg.ensemble.get('kind', 'entropy')]
    text = json.dumps(decisive, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
