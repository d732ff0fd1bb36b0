"""Name DINOv2 weights of any origin as mmpretrain does.

Pure functions on state dicts, no mm* import. Known layouts:

- ``mmpretrain``: what :class:`DINOv2` itself saves.
- ``official``: ``*_pretrain.pth`` of facebookresearch/dinov2, also with
  chunked blocks (``blocks.0.7.``), and timm's ``vit_*_patch14_dinov2``, which
  keeps those names.
- ``huggingface``: ``Dinov2Model`` of transformers.

Each may sit under ``backbone.`` or ``dinov2.`` beside the rest of a larger
model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

OWN_LAYOUT = 'mmpretrain'

_WRAPPERS = ('', 'backbone.', 'dinov2.')

# Every ViT with a class token has these, in mmpretrain's names.
_REQUIRED = {
    'cls_token', 'pos_embed', 'patch_embed.projection.weight',
    'layers.0.attn.qkv.weight'
}


class ConvertedWeights(NamedTuple):
    """Weights in mmpretrain's names.

    Attributes:
        layout: Name of the layout they came in.
        weights: Weights by name; what has no name in mmpretrain's
            VisionTransformer keeps its own.
        outside: Number of entries beside the backbone, left out.
    """
    layout: str
    weights: dict[str, Tensor]
    outside: int


class _Layout(NamedTuple):
    """How one origin names its weights.

    ``block`` matches the beginning of a name inside a block, its number in
    group 1. ``outside`` and ``inside`` (a block) map beginnings of names.
    """
    name: str
    block: re.Pattern[str]
    outside: dict[str, str]
    inside: dict[str, str]


_OWN = _Layout(OWN_LAYOUT, re.compile(r'layers\.(\d+)\.'), {}, {})

_OFFICIAL = _Layout(
    'official', re.compile(r'blocks\.(?:\d+\.)?(\d+)\.'), {
        'cls_token': 'cls_token',
        'pos_embed': 'pos_embed',
        'patch_embed.proj': 'patch_embed.projection',
        'norm': 'ln1',
    }, {
        'norm1': 'ln1',
        'attn': 'attn',
        'ls1.gamma': 'attn.gamma1.weight',
        'norm2': 'ln2',
        'mlp.fc1': 'ffn.layers.0.0',
        'mlp.fc2': 'ffn.layers.1',
        'mlp.w12': 'ffn.w12',
        'mlp.w3': 'ffn.w3',
        'ls2.gamma': 'ffn.gamma2.weight',
    })

_HUGGINGFACE = _Layout(
    'huggingface', re.compile(r'encoder\.layer\.(\d+)\.'), {
        'embeddings.cls_token': 'cls_token',
        'embeddings.position_embeddings': 'pos_embed',
        'embeddings.mask_token': 'mask_token',
        'embeddings.patch_embeddings.projection': 'patch_embed.projection',
        'layernorm': 'ln1',
    }, {
        'norm1': 'ln1',
        'attention.qkv': 'attn.qkv',
        'attention.output.dense': 'attn.proj',
        'attention.o_proj': 'attn.proj',
        'layer_scale1.lambda1': 'attn.gamma1.weight',
        'norm2': 'ln2',
        'mlp.fc1': 'ffn.layers.0.0',
        'mlp.fc2': 'ffn.layers.1',
        'mlp.weights_in': 'ffn.w12',
        'mlp.weights_out': 'ffn.w3',
        'mlp.down_proj': 'ffn.w3',
        'layer_scale2.lambda1': 'ffn.gamma2.weight',
    })

# Matrices that Hugging Face keeps apart and mmpretrain stacked, by the names
# of transformers up to 4 (its files still have them) and since 5.
_STACKED = (
    ('attention.qkv', ('attention.attention.query', 'attention.attention.key',
                       'attention.attention.value')),
    ('attention.qkv', ('attention.q_proj', 'attention.k_proj',
                       'attention.v_proj')),
    ('mlp.weights_in', ('mlp.gate_proj', 'mlp.up_proj')),
)


def convert(found: Mapping[str, Tensor]) -> ConvertedWeights | None:
    """Recognise the layout of a state dict and rename its weights.

    Args:
        found: Names and weights as saved; not changed.

    Returns:
        ConvertedWeights | None: None if no known layout fits.

    Raises:
        ValueError: If a query of the Hugging Face layout lacks its key or
            its value, or a gate its other half.
    """
    for wrapper in _WRAPPERS:
        inner = {
            name[len(wrapper):]: weight
            for name, weight in found.items() if name.startswith(wrapper)
        }
        stacked = _stack(inner)
        for layout in (_OWN, _OFFICIAL, _HUGGINGFACE):
            weights = {
                _rename(name, layout): weight
                for name, weight in stacked.items()
            }
            if weights.keys() >= _REQUIRED:
                return ConvertedWeights(layout.name, weights,
                                        len(found) - len(inner))
    return None


def _rename(name: str, layout: _Layout) -> str:
    """Give one name in mmpretrain's words; unknown ones stay."""
    block = layout.block.match(name)
    if block:
        stem, rest = f'layers.{block[1]}.', name[block.end():]
        table = layout.inside
    else:
        stem, rest, table = '', name, layout.outside
    for theirs, ours in table.items():
        if rest == theirs or rest.startswith(theirs + '.'):
            return stem + ours + rest[len(theirs):]
    return name


def _stack(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Join the matrices that Hugging Face keeps apart."""
    weights = dict(weights)
    for whole, parts in _STACKED:
        first = re.compile(rf'(.+\.){re.escape(parts[0])}(\.weight|\.bias)')
        for match in filter(None, map(first.fullmatch, list(weights))):
            stem, kind = match.groups()
            names = [stem + part + kind for part in parts]
            absent = [name for name in names if name not in weights]
            if absent:
                raise ValueError(
                    f'{match[0]} is there but not {", ".join(absent)}: the '
                    'weights are incomplete')
            weights[stem + whole + kind] = torch.cat(
                [weights.pop(name) for name in names])
    return weights
