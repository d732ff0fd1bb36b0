"""Files, figures and a table at the end of every test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.logging import print_log
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from ...evaluation.functional import has_parquet
from ...evaluation.metrics import (
    DecompositionMetric,
    DumpPredictions,
    MemberScoresMetric,
)
from ...routing import Router, fingerprint_weights
from ...visualization import collect_results, publish_results
from ..runners.checkpoints import read_checkpoint


@HOOKS.register_module()
class ResultsHook(Hook):
    """Keep every prediction of a test, and what follows from them.

    Writes ``predictions.parquet`` (``.csv`` without pyarrow),
    ``metrics.json`` and ``figures/`` into ``work_dir/out_dir`` and ends with
    a short table. Images are routed if there is a ``router.json`` beside
    the tested checkpoint, or else in ``work_dir``.

    Args:
        out_dir (str): Folder under ``work_dir``.

    Raises:
        ValueError: Before the test, if that router was calibrated for other
            weights, classes or another decomposition than the model's.
    """

    # After the logger has printed the metrics.
    priority = 'LOWEST'

    def __init__(self, out_dir: str = 'test') -> None:
        self.out_dir = out_dir
        self._dump: DumpPredictions | None = None

    def before_test_epoch(self, runner: Runner) -> None:
        """Add the metric that writes the predictions."""
        evaluator = runner.test_evaluator
        suffix = 'parquet' if has_parquet() else 'csv'
        self._dump = DumpPredictions(
            out_file=self._folder(runner) / f'predictions.{suffix}',
            router=_find_router(runner),
            kind=_find_kind(evaluator.metrics))
        self._dump.dataset_meta = evaluator.dataset_meta
        evaluator.metrics.append(self._dump)

    def after_test_epoch(self,
                         runner: Runner,
                         metrics: dict[str, float] | None = None) -> None:
        """Write the results and print the table, on the main process."""
        dump, self._dump = self._dump, None
        others = [m for m in runner.test_evaluator.metrics if m is not dump]
        runner.test_evaluator.metrics[:] = others
        if dump is None or not is_main_process():
            return
        reported = [m for m in (*others, dump)
                    if isinstance(m, MemberScoresMetric)]
        results = collect_results(reported, _numbers(metrics or {}),
                                  dump.table, dump.dataset_meta or {},
                                  dump.router)
        text = publish_results(dump.table, results, dump.out_file,
                               self._folder(runner))
        print_log(f'results\n{text}', 'current')

    def _folder(self, runner: Runner) -> Path:
        return Path(runner.work_dir) / self.out_dir


def _find_kind(metrics: list) -> str:
    """Return the decomposition the results are about."""
    kinds = [m.kind for m in metrics if isinstance(m, DecompositionMetric)]
    return kinds[0] if kinds else 'entropy'


def _find_router(runner: Runner) -> Router | None:
    folders = [Path(runner.work_dir)]
    if runner._load_from is not None:
        folders.insert(0, Path(runner._load_from).parent)
    for folder in folders:
        path = folder / 'router.json'
        if path.is_file():
            print_log(f'router: {path}', 'current')
            router = Router.load(path)
            _check_router(router, path, runner)
            return router
    searched = ', '.join(dict.fromkeys(str(folder) for folder in folders))
    print_log(f'no router.json in {searched}: the predictions get no '
              'actions', 'current')
    return None


def _check_router(router: Router, path: Path, runner: Runner) -> None:
    """Refuse a router of something else before anything is tested."""
    model = runner.model
    while hasattr(model, 'module'):
        model = model.module
    weights = None
    if router.checkpoint and runner._load_from is not None:
        # From the file: hooks may have changed what is in memory.
        weights = fingerprint_weights(
            read_checkpoint(runner._load_from)['state_dict'])
    try:
        router.check(
            classes=runner.test_dataloader.dataset.metainfo.get('classes'),
            kind=getattr(model, 'kind', None), checkpoint=weights)
    except ValueError as error:
        raise ValueError(f'{path}: {error}') from error


def _numbers(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Keep what is a number; other metrics may return anything."""
    return {key: float(value) for key, value in metrics.items()
            if isinstance(value, (int, float))}
