"""Batch norm statistics that all processes agree on."""

from __future__ import annotations

from mmengine.dist import broadcast
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS


@HOOKS.register_module()
class BroadcastBuffersHook(Hook):
    """Give every process the main one's buffers after each epoch.

    Each process keeps running statistics of the images it saw, and those of
    the main one are saved; the others would validate with different ones.
    mmengine's ``SyncBuffersHook`` averages them instead. Then a training
    resumed within an epoch, from the main process's statistics, would end at
    others than one that was never stopped.
    """

    # Before validation.
    priority = 'NORMAL'
    # What is saved is the same with it.
    affects_weights = False

    def after_train_epoch(self, runner: Runner) -> None:
        """Replace the buffers, in place."""
        for buffer in runner.model.buffers():
            broadcast(buffer)
