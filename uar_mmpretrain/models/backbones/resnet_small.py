"""ResNet for images of about 48 pixels."""

from __future__ import annotations

from typing import Any

from mmcv.cnn import build_conv_layer
from mmpretrain.models.backbones import ResNet_CIFAR
from mmpretrain.registry import MODELS
from torch import nn


@MODELS.register_module()
class SmallImageResNet(ResNet_CIFAR):
    """ResNet with a 3 x 3 first convolution of stride 2 and no pooling.

    Between mmpretrain's two: ``ResNet`` reduces the image to a quarter
    before its first block, too much for 48 pixels, and ``ResNet_CIFAR`` not
    at all, where half of the time goes into the first layer. Everything
    else, and the names of the weights, are theirs.

    Args:
        depth (int): 18, 34, 50, 101 or 152.
        **kwargs: As for mmpretrain's ``ResNet``.
    """

    def _make_stem_layer(self, in_channels: int, base_channels: int) -> Any:
        super()._make_stem_layer(in_channels, base_channels)
        self.conv1: nn.Module = build_conv_layer(
            self.conv_cfg,
            in_channels,
            base_channels,
            kernel_size=3,
            stride=2,
            padding=1,
            bias=False)
