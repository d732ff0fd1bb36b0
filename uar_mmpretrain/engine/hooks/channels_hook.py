"""Fitted channels found beside the checkpoint."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from ..channel_files import load_channels_beside


@HOOKS.register_module()
class ChannelsHook(Hook):
    """Load ``channels.pth`` that lies beside the tested checkpoint.

    Without that file the predictions simply have no channels, and the log
    says how to fit them.

    Raises:
        ValueError: If the file belongs to other weights or other channels.
    """

    affects_weights = False

    def after_load_checkpoint(self, runner: Runner,
                              checkpoint: dict[str, Any]) -> None:
        """Load before anything is evaluated."""
        model = runner.model
        while hasattr(model, 'module'):
            model = model.module
        if runner._load_from is not None:
            load_channels_beside(model, checkpoint['state_dict'],
                                 runner._load_from)
