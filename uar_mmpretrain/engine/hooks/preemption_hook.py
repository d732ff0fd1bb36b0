"""A training that is asked to stop saves where it is."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.dist import all_reduce, barrier, get_world_size
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from ...models.targets import EpochTargets
from ..loops import ResumableEpochLoop, save_mid_epoch
from ..preemption import asked_to_stop, leave, stop_after_iteration

# Asking every process costs time; they ask each other this seldom.
_INTERVAL = 10


@HOOKS.register_module()
class PreemptionHook(Hook):
    """Save and end the process after the iteration in which a signal came.

    Works within :func:`.exit_when_asked`. In several processes every tenth
    iteration, so that all stop after the same one. Nothing is saved within
    an epoch, and the training resumes from the end of the last one, where
    the loop is not a :class:`ResumableEpochLoop`, or the model gathers its
    predictions over an epoch (:class:`EpochTargets`).

    Raises:
        SystemExit: With code 75, when the process was asked to stop.
    """

    # After all that an iteration changes.
    priority = 'LOWEST'
    affects_weights = False

    def before_train(self, runner: Runner) -> None:
        """Keep signals until an iteration ends."""
        stop_after_iteration(True)

    def after_train(self, runner: Runner) -> None:
        """Keep them no longer."""
        if _any_asked():
            leave(f'{runner.experiment_name}: had just been trained')
        stop_after_iteration(False)

    def after_train_iter(self, runner: Runner, batch_idx: int,
                         data_batch: Any = None,
                         outputs: dict | None = None) -> None:
        """Save where the training is, if it is to stop."""
        # Gradients that are still being gathered are in no checkpoint.
        if not (_to_stop(runner.iter)
                and runner.optim_wrapper.should_update()):
            return
        where = (f'{runner.experiment_name}, epoch {runner.epoch + 1}, batch '
                 f'{batch_idx + 1}')
        if _can_save(runner):
            path = save_mid_epoch(runner)
            barrier()  # Who ends first may be the end of all.
            leave(f'{where}: saved {path}')
        leave(f'{where}: stopped; this epoch begins again')

    def after_val_iter(self, runner: Runner, batch_idx: int,
                       data_batch: Any = None,
                       outputs: Any = None) -> None:
        """Stop a validation: it changes nothing that is to be saved."""
        if _to_stop(batch_idx):
            leave(f'{runner.experiment_name}, validation after epoch '
                  f'{runner.epoch}: stopped')


def _to_stop(iteration: int) -> bool:
    if get_world_size() > 1 and (iteration + 1) % _INTERVAL:
        return False
    return _any_asked()


def _any_asked() -> bool:
    """Whether any process was asked; they all find the same."""
    if get_world_size() == 1:
        return bool(asked_to_stop())
    asked = torch.tensor(float(bool(asked_to_stop())))
    all_reduce(asked, 'max')
    return bool(asked)


def _can_save(runner: Runner) -> bool:
    return isinstance(runner.train_loop, ResumableEpochLoop) and not any(
        isinstance(module, EpochTargets) for module in runner.model.modules())
