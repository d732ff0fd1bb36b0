"""Batch normalisation folded into the convolutions for a test."""

from __future__ import annotations

from mmcv.cnn import fuse_conv_bn
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmpretrain.registry import HOOKS


@HOOKS.register_module()
class FuseConvBNHook(Hook):
    """Fold each batch norm into the convolution before it, for testing only.

    The same numbers up to the order of summation, with fewer passes over the
    activations, which is what convolutional networks wait for on a CPU.
    Checkpoints on disk stay as they are.
    """

    affects_weights = False

    def before_test(self, runner: Runner) -> None:
        """Fold, in place."""
        model = runner.model
        fuse_conv_bn(model.module if is_model_wrapper(model) else model)
