"""Where the branches part from what they share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mmengine.model import BaseModule
from mmpretrain.models.backbones import ResNet, VisionTransformer
from torch import Tensor


def tail_names(backbone: BaseModule, num_blocks: int) -> list[str]:
    """Name the end of a backbone, of which every branch has a copy.

    Args:
        backbone (BaseModule): A ``ResNet`` or ``VisionTransformer`` of
            mmpretrain, or a subclass.
        num_blocks (int): Last stages of a ResNet (the paper: 1), or last
            blocks of a transformer, with its final norm.

    Returns:
        list[str]: Names of submodules, to be run in order.

    Raises:
        ValueError: If the backbone is another one, gives more than its last
            output, or has too few blocks.
    """
    if isinstance(backbone, ResNet):
        blocks, norm = list(backbone.res_layers), []
    elif isinstance(backbone, VisionTransformer):
        blocks = [f'layers.{i}' for i in range(backbone.num_layers)]
        norm = ['ln1'] if backbone.final_norm else []
        if backbone.out_type == 'featmap':
            raise ValueError("DMUE needs tokens: set model.backbone.out_type "
                             "to 'raw' or 'cls_token', not 'featmap'.")
    else:
        raise ValueError(
            f'DMUE cannot branch a {type(backbone).__name__}; expected a '
            'ResNet or a VisionTransformer.')
    if list(backbone.out_indices) != [len(blocks) - 1]:
        raise ValueError(
            f'the backbone has out_indices={tuple(backbone.out_indices)}; '
            f'DMUE needs the last output alone: ({len(blocks) - 1}, ).')
    if not 1 <= num_blocks < len(blocks):
        raise ValueError(
            f'branch_blocks={num_blocks}; expected 1 to {len(blocks) - 1}: '
            'something of the backbone must be shared.')
    return blocks[-num_blocks:] + norm


@contextmanager
def input_of(module: BaseModule) -> Iterator[list[Tensor]]:
    """Listen to what a module is given, while in this context."""
    heard: list[Tensor] = []
    handle = module.register_forward_pre_hook(
        lambda _, inputs: heard.append(inputs[0]))
    try:
        yield heard
    finally:
        handle.remove()


def backbone_output(backbone: BaseModule, tail_output: Tensor) -> Tensor:
    """Finish a branch as the backbone's ``forward`` does."""
    if isinstance(backbone, VisionTransformer):
        return backbone._format_output(tail_output, None)
    return tail_output
