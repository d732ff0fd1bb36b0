"""Backbones that mmpretrain does not bring as this field uses them."""

from .dinov2 import DINOv2
from .resnet_small import SmallImageResNet
from .safetensors_loader import load_from_safetensors

__all__ = ['DINOv2', 'SmallImageResNet', 'load_from_safetensors']
