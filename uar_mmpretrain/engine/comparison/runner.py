"""Training and testing what is missing, one method after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from mmengine.config import Config

from ...files.atomic_write import atomic_write, remove_leftovers
from ...visualization.html_report.run import find_predictions
from .methods import Method, forward_passes, method_config
from .scores import ChosenScores, chosen_scores
from .state import (
    is_trained_ensemble,
    read_state,
    testing_mark,
    training_mark,
    write_state,
)
from .steps import (
    StepFailed,
    run_logged,
    testing_command,
    trained_checkpoint,
    training_command,
)
from .weights import Trained, adopt_member, find_weights

Tell = Callable[[str], None]
Execute = Callable[[str, Sequence[str], Path, Tell], None]
_CONFIG = 'config.py'


@dataclass(frozen=True)
class Outcome:
    """What became of a method.

    Args:
        method (Method): The method.
        folder (Path): Folder of its log files and its test.
        trained_in (Path): Folder of the training its weights are from.
        batch_size (int): Images per batch of the test.
        passes (int): Network evaluations per image.
        scores (ChosenScores): What it is judged by.
        error (str): Why there is no test, '' if there is one.
    """

    method: Method
    folder: Path
    trained_in: Path = Path()
    batch_size: int = 1
    passes: int = 1
    scores: ChosenScores = ChosenScores()
    error: str = ''


def run_methods(methods: Sequence[Method],
                root: Path,
                selected: Collection[str] | None = None,
                execute: Execute = run_logged,
                tell: Tell = print) -> Iterator[Outcome]:
    """Train and test every method that is not finished.

    Each step is a process with a log file of its own (``train.log``,
    ``test.log`` in ``root/METHOD``), so nothing a method does harms another
    one: its error becomes its outcome, and the next method runs. A step is
    finished if what it writes is there and its config was this one.
    Interrupted at any point, the same call goes on.

    Args:
        methods (Sequence[Method]): From :func:`.read_methods`.
        root (Path): Folder of the comparison.
        selected (Collection[str] | None): Names of the methods that may
            run; the others are looked up only. Default all.
        execute (Execute): Runs a command with its output in a log file.
        tell (Tell): Gets a line per step.

    Yields:
        Outcome: One per method, as soon as it is known.
    """
    remove_leftovers(root)
    trained: dict[str, Trained] = {}
    for method in methods:
        may_run = selected is None or method.name in selected
        run = _Run(method, root / method.folder, may_run, execute, tell)
        try:
            cfg = method_config(method)
            weights = find_weights(method, cfg, trained)
            if weights is None or cfg.get('ensemble'):
                checkpoint = run.train(cfg, weights)
            else:
                checkpoint = weights
            if weights is None:
                trained[method.name] = Trained(run.train_dir, cfg)
            run.test(cfg, checkpoint)
            outcome = Outcome(method, run.folder,
                              (weights or checkpoint).parent,
                              cfg.test_dataloader.batch_size,
                              forward_passes(cfg), chosen_scores(cfg))
        except Exception as error:  # whatever a config may raise
            outcome = Outcome(method, run.folder, error=(
                str(error) or type(error).__name__))
            tell(f'{method.name}: {outcome.error}')
        yield outcome


@dataclass(frozen=True)
class _Run:
    """The steps of one method."""

    method: Method
    folder: Path
    may_run: bool
    execute: Execute
    tell: Tell

    @property
    def train_dir(self) -> Path:
        return Path(self.method.train_dir or self.folder / 'train')

    def train(self, cfg: Config, weights: Path | None) -> Path:
        """Train unless finished, and return the checkpoint.

        An ensemble may start from weights as its member 0.
        """
        mark = training_mark(cfg, weights)
        state = read_state(self.folder).get('train', {})
        begun = any(self.train_dir.rglob('*.pth'))
        if state and begun and state['mark'] != mark:
            other = 'config' if weights is None else (
                'config or from other weights')
            raise ValueError(
                f'{self.folder} was trained with another {other} (fingerprint '
                f'{state["mark"]}, now {mark}). Choose another --work-dir, '
                f'or delete {self.folder} and {self.train_dir} to train '
                'again')
        checkpoint = self.train_dir / state.get('checkpoint', '')
        if checkpoint.is_file():
            return checkpoint
        if not is_trained_ensemble(cfg, self.train_dir):
            self._start('train', cfg)
            # Noted first: epochs must not go on with another config.
            write_state(self.folder, 'train', mark=mark)
            if weights is not None:
                adopt_member(weights, self.train_dir)
            self._run('train', training_command(self.folder / _CONFIG,
                                                self.train_dir))
        checkpoint = trained_checkpoint(self.train_dir)
        write_state(self.folder, 'train', mark=mark,
                    checkpoint=checkpoint.name)
        return checkpoint

    def test(self, cfg: Config, checkpoint: Path) -> None:
        """Test unless finished with these weights."""
        mark = testing_mark(cfg, checkpoint)
        state = read_state(self.folder).get('test', {})
        if state.get('mark') == mark and self._has_predictions():
            return
        self._start('test', cfg)
        self._run('test', testing_command(self.folder / _CONFIG, checkpoint,
                                          self.folder))
        if not self._has_predictions():
            raise StepFailed(f'the test left no predictions in {self.folder}; '
                             'the config needs the ResultsHook')
        write_state(self.folder, 'test', mark=mark)

    def _start(self, step: str, cfg: Config) -> None:
        if not self.may_run:
            raise StepFailed(f'not yet run ({step} not asked for)')
        self.folder.mkdir(parents=True, exist_ok=True)
        # What was run, whatever becomes of the config file and its bases.
        with atomic_write(self.folder / _CONFIG) as beside:
            cfg.dump(str(beside))

    def _run(self, step: str, command: Sequence[str]) -> None:
        self.execute(f'{self.method.name}, {step}', command,
                     self.folder / f'{step}.log', self.tell)

    def _has_predictions(self) -> bool:
        try:
            find_predictions(self.folder)
        except FileNotFoundError:
            return False
        return True
