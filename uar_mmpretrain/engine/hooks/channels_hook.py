"""Fitted channels found beside the checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmengine.hooks import Hook
from mmengine.logging import print_log
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS

from ..channel_files import FILE_NAME, load_channels


@HOOKS.register_module()
class ChannelsHook(Hook):
    """Load ``channels.pth`` that lies beside the tested checkpoint.

    Without that file the predictions simply have no channels, and the log
    says how to fit them.

    Raises:
        ValueError: If the file belongs to other weights or other channels.
    """

    def after_load_checkpoint(self, runner: Runner,
                              checkpoint: dict[str, Any]) -> None:
        """Load before anything is evaluated."""
        model = runner.model
        while hasattr(model, 'module'):
            model = model.module
        configs = getattr(model, 'channel_configs', ())
        if not configs or runner._load_from is None:
            return
        path = Path(runner._load_from).with_name(FILE_NAME)
        if not path.is_file():
            print_log(f'no {path}: the predictions get no channels; '
                      'tools/fit_channels.py CONFIG CHECKPOINT fits them',
                      'current')
            return
        load_channels(model.channels, configs, checkpoint['state_dict'],
                      path)
        device = next(model.parameters()).device
        model.channels.to(device)
        print_log(f'channels: {path}', 'current')
