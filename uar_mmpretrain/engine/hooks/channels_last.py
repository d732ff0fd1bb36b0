"""Convolutions in the memory layout CPUs and tensor cores prefer."""

from __future__ import annotations

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS


@HOOKS.register_module()
class ChannelsLastHook(Hook):
    """Store convolution weights channels last, before anything runs.

    Activations follow the weights. The numbers are the same up to the order
    of summation.
    """

    affects_weights = False

    def before_run(self, runner: Runner) -> None:
        """Change the layout of the model's weights, in place."""
        runner.model.to(memory_format=torch.channels_last)
