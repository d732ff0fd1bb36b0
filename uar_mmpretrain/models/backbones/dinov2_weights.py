"""Fit weights of any origin into a DINOv2 model and report what became of it.

Pure functions on state dicts, no mm* import.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torch import Tensor

from .dinov2_layouts import OWN_LAYOUT, ConvertedWeights, convert
from .position_embedding import resize_position_embedding

Grid = tuple[int, int]

_REGISTERS = {'register_tokens', 'reg_token', 'storage_tokens'}


@dataclass(frozen=True)
class KeyReport:
    """What became of the weights in a file.

    Attributes:
        layout: Name of the layout recognised.
        used: Number of the model's weights that are filled.
        missing: The model's weights that stay as they were.
        unexpected: Weights that have no place in the model.
        outside: Number of weights beside the backbone, left out.
        mask_token: Whether there was one; it serves masked pre-training only.
        resized: Source and target grid of the position embedding, (height,
            width) in patches, or None if it fitted.
    """
    layout: str
    used: int
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    outside: int = 0
    mask_token: bool = False
    resized: tuple[Grid, Grid] | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is missing and nothing is left over."""
        return not self.missing and not self.unexpected

    @property
    def untouched(self) -> bool:
        """Whether the weights go into the model just as they came."""
        return (self.layout == OWN_LAYOUT and not self.outside
                and not self.mask_token and self.resized is None)

    def __str__(self) -> str:
        parts = [
            f'layout {self.layout}', f'{self.used} keys used',
            _list('missing', self.missing),
            _list('unexpected', self.unexpected)
        ]
        if self.outside:
            parts.append(f'{self.outside} beside the backbone left out')
        if self.mask_token:
            parts.append('mask_token not used (as expected, it serves masked '
                         'pre-training only)')
        if self.resized:
            source, target = ('x'.join(map(str, grid))
                              for grid in self.resized)
            parts.append(f'position embedding resized from {source} to '
                         f'{target} patches')
        return 'DINOv2 weights: ' + ', '.join(parts)


def fit_weights(found: Mapping[str, Tensor], model: Mapping[str, Tensor],
                grid: Grid) -> tuple[dict[str, Tensor], KeyReport]:
    """Rename and resize weights so that a :class:`DINOv2` can load them.

    Args:
        found: Weights in any known layout, or any part of the model's own.
        model: The model's own state dict.
        grid: The model's patch grid, (height, width).

    Returns:
        tuple[dict[str, Tensor], KeyReport]: The weights in the model's names,
        unexpected ones under the names they have; and the report.

    Raises:
        ValueError: If the weights are of no known layout, of a variant with
            registers, or of another width, depth, patch size, feed-forward or
            layer scale than the model; or if their position embedding is not
            a square grid plus the class token.
    """
    layout, weights, outside = _convert(found, model)
    mask_token = weights.pop('mask_token', None)
    resized = None
    if 'pos_embed' in weights:
        source = _source_grid(layout, weights['pos_embed'], model, grid)
        if source != grid:
            resized = (source, grid)
            weights['pos_embed'] = resize_position_embedding(
                weights['pos_embed'].float(), source, grid)
    report = KeyReport(
        layout,
        used=len(weights.keys() & model.keys()),
        missing=tuple(name for name in model if name not in weights),
        unexpected=tuple(name for name in weights if name not in model),
        outside=outside,
        mask_token=mask_token is not None,
        resized=resized)
    return weights, report


def _convert(found: Mapping[str, Tensor],
             model: Mapping[str, Tensor]) -> ConvertedWeights:
    """Convert and refuse what does not fit the model."""
    _refuse_registers(found)
    converted = convert(found)
    if converted is None:
        if found and found.keys() <= model.keys():
            return ConvertedWeights(OWN_LAYOUT, dict(found), 0)
        raise ValueError(_unrecognised(found))
    theirs, ours = _describe(converted.weights), _describe(model)
    if theirs != ours:
        raise ValueError(
            f'DINOv2 weights do not fit the model: they have {theirs}, the '
            f'model has {ours}; set arch and patch_size as the weights need '
            'or give other weights')
    return converted


def _describe(weights: Mapping[str, Tensor]) -> str:
    """Say in words what weights and model must have in common."""
    depth = 1 + max(
        int(name.split('.')[1])
        for name in weights if name.startswith('layers.'))
    patch = 'x'.join(
        map(str, weights['patch_embed.projection.weight'].shape[1:]))
    feed_forward = 'no feed-forward'
    for kind, name in (('MLP', 'layers.1'), ('SwiGLU', 'w3')):
        weight = weights.get(f'layers.0.ffn.{name}.weight')
        if weight is not None:
            feed_forward = f'{kind} feed-forward {weight.shape[1]} wide'
    scale = 'layer scale' if 'layers.0.attn.gamma1.weight' in weights else (
        'no layer scale')
    return (f'embed_dims {weights["cls_token"].shape[-1]}, {depth} layers, '
            f'{patch} patches, {feed_forward}, {scale}')


def _source_grid(layout: str, embedding: Tensor, model: Mapping[str, Tensor],
                 grid: Grid) -> Grid:
    """Tell the grid of a position embedding (1, 1 + patches, D)."""
    if (layout == OWN_LAYOUT
            and embedding.shape == model['pos_embed'].shape):
        return grid
    patches = embedding.shape[1] - 1
    side = math.isqrt(patches)
    if side * side != patches:
        raise ValueError(
            f'position embedding of shape {tuple(embedding.shape)}: '
            f'{patches} patches beside the class token are no square, so '
            f'their grid is unknown and cannot be resized to '
            f'{grid[0]}x{grid[1]}; build the model with the img_size the '
            'weights were saved with')
    return side, side


def _refuse_registers(found: Iterable[str]) -> None:
    """Refuse the variants with register tokens."""
    for name in found:
        if name.split('.')[-1] in _REGISTERS:
            raise ValueError(
                f'{name}: weights with register tokens are not supported; '
                'give those of the model without registers')


def _unrecognised(found: Iterable[str]) -> str:
    names = list(found)
    examples = ', '.join(names[:3]) or 'nothing'
    return (f'no DINOv2 weights recognised: {len(names)} entries ({examples}'
            f'{", ..." if len(names) > 3 else ""}); expected a state dict as '
            'released by facebookresearch/dinov2, timm or transformers '
            '(Dinov2Model), or as saved by mmpretrain. Where the weights are '
            'part of a larger model, name it: init_cfg=dict(..., '
            "prefix='members.0.backbone.')")


def _list(what: str, names: tuple[str, ...]) -> str:
    more = ', ...' if len(names) > 3 else ''
    return f'{len(names)} {what}' + (
        f' ({", ".join(names[:3])}{more})' if names else '')
