"""Files, figures and a table at the end of every test."""

from __future__ import annotations

from pathlib import Path

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
from ...visualization import collect_results, publish_results
from ..router_files import find_router


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
    affects_weights = False

    def __init__(self, out_dir: str = 'test') -> None:
        self.out_dir = out_dir
        self._dump: DumpPredictions | None = None

    def before_test_epoch(self, runner: Runner) -> None:
        """Add the metric that writes the predictions."""
        evaluator = runner.test_evaluator
        suffix = 'parquet' if has_parquet() else 'csv'
        self._dump = DumpPredictions(
            out_file=self._folder(runner) / f'predictions.{suffix}',
            router=find_router(runner),
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
        results = collect_results(reported, metrics or {}, dump.table,
                                  dump.dataset_meta or {}, dump.router)
        text = publish_results(dump.table, results, dump.out_file,
                               self._folder(runner))
        print_log(f'results\n{text}', 'current')

    def _folder(self, runner: Runner) -> Path:
        return Path(runner.work_dir) / self.out_dir


def _find_kind(metrics: list) -> str:
    """Return the decomposition the results are about."""
    kinds = [m.kind for m in metrics if isinstance(m, DecompositionMetric)]
    return kinds[0] if kinds else 'entropy'
