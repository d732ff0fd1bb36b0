"""Whoever resumes with another config is told what it changes."""

from __future__ import annotations

import logging

from mmengine.hooks import Hook
from mmengine.logging import print_log
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from ..checkpoints import changes_since, describe


@HOOKS.register_module()
class ConfigChangesHook(Hook):
    """Compare the config in a checkpoint with the one it is resumed with.

    A warning lists what differs, by what will take effect and what will not.
    """

    affects_weights = False

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        """Warn, if the training is resumed."""
        if not runner._resume:
            return
        changes = describe(changes_since(checkpoint, runner.cfg))
        if changes:
            print_log('the config was changed since the checkpoint was '
                      f'saved:\n{changes}', 'current', logging.WARNING)
