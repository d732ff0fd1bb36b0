"""A training that diverges ends with its name, not with a checkpoint."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.logging import print_log
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from ..checkpoints import check_finite_weights

# A gradient scaler leaves a batch out whose gradients overflow. One after the
# other it only does where every further one would be lost, too.
_MOST_SKIPPED = 20


@HOOKS.register_module()
class CheckFiniteHook(Hook):
    """Stop when the loss or a weight to be saved is not a number.

    mmdetection has a hook of this purpose, mmengine none; this one also says
    whose training it is (the name of its folder, such as ``member_2``),
    looks at the weights before they are saved, and knows that a gradient
    scaler may skip a batch.

    Raises:
        FloatingPointError: If the loss is not finite; under mixed precision
            with a gradient scaler, if it is not for 20 batches on end.
        ValueError: If a weight is not finite when it is to be saved.
    """

    # Looks on; before the checkpoint is saved.
    affects_weights = False

    def __init__(self) -> None:
        self._skipped = 0

    def after_train_iter(self,
                         runner: Runner,
                         batch_idx: int,
                         data_batch: Any = None,
                         outputs: dict | None = None) -> None:
        """Look at the loss of every batch."""
        loss = (outputs or {}).get('loss')
        if loss is None or torch.as_tensor(loss).isfinite().all():
            self._skipped = 0
            return
        self._skipped += 1
        where = (f'{_name(runner)}: the loss is {float(loss)} in '
                 f'epoch {runner.epoch + 1}, batch {batch_idx + 1}')
        if _has_scaler(runner) and self._skipped < _MOST_SKIPPED:
            print_log(f'{where}; the gradient scaler skips this batch',
                      'current', logging.WARNING)
            return
        raise FloatingPointError(
            f'{where}. Nothing of this epoch is saved. Train it in another '
            'work_dir with a lower learning rate, clipped gradients '
            '(optim_wrapper.clip_grad) or without mixed precision; if the '
            'first batch fails already, check the images and targets.')

    def before_save_checkpoint(self, runner: Runner,
                               checkpoint: dict) -> None:
        """Look at the weights of every checkpoint."""
        check_finite_weights(
            checkpoint['state_dict'],
            f'{_name(runner)}, not saved after epoch {runner.epoch + 1}')


def _name(runner: Runner) -> str:
    return Path(runner.work_dir).name


def _has_scaler(runner: Runner) -> bool:
    scaler = getattr(runner.optim_wrapper, 'loss_scaler', None)
    return scaler is not None and scaler.is_enabled()
