"""DINOv2 as a backbone of mmpretrain, loading weights of any origin."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import torch
from mmengine.logging import print_log
from mmengine.model.weight_init import trunc_normal_
from mmpretrain.models.backbones import VisionTransformer
from mmpretrain.models.utils import to_2tuple
from mmpretrain.registry import MODELS
from torch import Tensor

from .dinov2_weights import fit_weights
from .position_embedding import resize_position_embedding

_HOST = VisionTransformer.arch_zoo
_ARCHS = {
    'small': _HOST['dinov2-small'],
    'base': _HOST['base'],
    'large': _HOST['large'],
    'giant': _HOST['dinov2-giant'],
}
_ARCH_KEYS = ('embed_dims', 'num_layers', 'num_heads', 'feedforward_channels')


@MODELS.register_module()
class DINOv2(VisionTransformer):
    """DINOv2 vision transformer without registers.

    mmpretrain's :class:`VisionTransformer` with the settings of DINOv2
    (Oquab et al., arXiv:2304.07193), its interpolation of the position
    embedding, and a hook that lets it load the weights of
    facebookresearch/dinov2, timm, Hugging Face transformers and mmpretrain
    alike, from a path or URL, alone or as part of a larger model::

        backbone=dict(
            type='DINOv2', arch='small', img_size=224,
            init_cfg=dict(
                type='Pretrained',
                checkpoint='dinov2_vits14_pretrain.pth'))

    What was recognised, used, missing and resized is logged once per loading.

    Given the same weights the class token and the patch tokens equal the
    official ``x_norm_clstoken`` and ``x_norm_patchtokens`` to 1e-5 (absolute,
    float32, values of order 1). The tests check that for all layouts against
    a separate plain PyTorch forward pass written from the official code, at
    the native patch grid, at interpolated and at non-square ones. A position
    embedding is resized once from the file's grid to that of ``img_size``,
    and again for an input of another size, so an exact match for a size needs
    ``img_size`` to be that size or the file's own (518).

    Args:
        arch: ``'small'``, ``'base'``, ``'large'`` or ``'giant'``, optionally
            with ``'dinov2-'`` before it, or a dict of ``embed_dims``,
            ``num_layers``, ``num_heads`` and ``feedforward_channels``.
            Beware that ``'small'`` of VisionTransformer is another network.
        img_size: Side of the images, or (height, width), in pixels; multiples
            of ``patch_size``.
        patch_size: Side of a patch in pixels.
        in_channels: Channels of the images.
        out_indices: Layers that give an output, -1 for the last.
        drop_rate: Dropout probability after the position embedding and in
            the layers.
        drop_path_rate: Stochastic depth of the last layer; the first has 0.
        out_type: What each output holds, for D ``embed_dims`` and L patches:
            ``'cls_token'`` (N, D), ``'raw'`` (N, 1 + L, D), class token
            first, ``'featmap'`` (N, D, height, width), or ``'avg_featmap'``
            (N, D), which adds a layer norm that no released file has.
        frozen_stages: Layers frozen, with all that comes before them; -1 for
            none.
        layer_scale_init_value: Initial layer scale; 0 for none.
        layer_cfgs: Further settings of each layer; by default SwiGLU for
            ``'giant'``.
        init_cfg: How to initialise; ``dict(type='Pretrained',
            checkpoint=PATH_OR_URL)`` loads weights.

    Raises:
        ValueError: If ``arch`` is unknown or incomplete, a side is not a
            multiple of the patch side (here and in ``forward``), or the
            weights do not fit (in ``init_weights`` and ``load_state_dict``).
    """

    def __init__(self,
                 arch: str | dict = 'base',
                 img_size: int | Sequence[int] = 224,
                 patch_size: int = 14,
                 in_channels: int = 3,
                 out_indices: int | Sequence[int] = -1,
                 drop_rate: float = 0.,
                 drop_path_rate: float = 0.,
                 out_type: str = 'cls_token',
                 frozen_stages: int = -1,
                 layer_scale_init_value: float = 1e-5,
                 layer_cfgs: dict | Sequence[dict] | None = None,
                 init_cfg: dict | list | None = None) -> None:
        settings = _resolve_arch(arch)
        _check_sides('img_size', to_2tuple(img_size), patch_size)
        if layer_cfgs is None:
            giant = settings is _ARCHS['giant']
            layer_cfgs = dict(ffn_type='swiglu_fused') if giant else {}
        super().__init__(
            arch=settings,
            img_size=img_size,
            patch_size=patch_size,
            in_channels=in_channels,
            out_indices=out_indices,
            drop_rate=drop_rate,
            drop_path_rate=drop_path_rate,
            norm_cfg=dict(type='LN', eps=1e-6),
            out_type=out_type,
            frozen_stages=frozen_stages,
            layer_scale_init_value=layer_scale_init_value,
            layer_cfgs=layer_cfgs,
            init_cfg=init_cfg)
        self.patch_size = patch_size

    def init_weights(self) -> None:
        """Initialise at random, then as ``init_cfg`` says.

        Raises:
            ValueError: If the weights ``init_cfg`` names do not fit; the
                message names the file.
        """
        # Not the parent's: that one draws the position embedding last, over
        # pretrained weights where init_cfg is a list or its type a class.
        if not self.is_init:
            trunc_normal_(self.pos_embed, std=0.02)
        try:
            super(VisionTransformer, self).init_weights()
        except ValueError as error:
            raise ValueError(f'{_checkpoint(self.init_cfg)}: {error}') \
                from error

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        """Extract features.

        Args:
            x: Images, shape (N, in_channels, height, width), both sides
                multiples of the patch side.

        Returns:
            tuple[Tensor, ...]: One per index in ``out_indices``, as
            ``out_type`` says; the last layer's is normalised.

        Raises:
            ValueError: If a side is not a multiple of the patch side.
        """
        _check_sides('input', x.shape[-2:], self.patch_size)
        x, grid = self.patch_embed(x)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], dim=1)
        x = self.drop_after_pos(x + resize_position_embedding(
            self.pos_embed, self.patch_resolution, grid))
        outs = []
        for index, layer in enumerate(self.layers):
            x = layer(x)
            if index == self.num_layers - 1:
                x = self.ln1(x)
            if index in self.out_indices:
                outs.append(self._format_output(x, grid))
        return tuple(outs)

    def _prepare_pos_embed(self, state_dict: dict[str, Tensor], prefix: str,
                           *args: Any, **kwargs: Any) -> None:
        """Make the weights under ``prefix`` the model's own, in place.

        The parent registers this method as its pre-hook of loading.
        """
        found = {
            name[len(prefix):]: weight
            for name, weight in state_dict.items() if name.startswith(prefix)
        }
        if prefix and not found:
            return
        weights, report = fit_weights(found, self.state_dict(),
                                      self.patch_resolution)
        for name in found:
            del state_dict[prefix + name]
        state_dict.update(
            {prefix + name: weight
             for name, weight in weights.items()})
        # A checkpoint of a whole model that fits goes without comment.
        if not prefix or not report.untouched:
            print_log(
                str(report),
                logger='current',
                level=logging.INFO if report.complete else logging.WARNING)


def _resolve_arch(arch: str | dict) -> dict:
    """Give an architecture's settings, or say what is wrong with it."""
    if not isinstance(arch, dict):
        name = str(arch).lower().removeprefix('dinov2-')
        if name not in _ARCHS:
            raise ValueError(f'arch {arch!r} is not known; expected one of '
                             f'{", ".join(_ARCHS)} or a dict')
        return _ARCHS[name]
    absent = [key for key in _ARCH_KEYS if key not in arch]
    if absent:
        raise ValueError(f'arch {dict(arch)} lacks {", ".join(absent)}')
    if arch['embed_dims'] % arch['num_heads']:
        raise ValueError(f'arch: embed_dims {arch["embed_dims"]} is not a '
                         f'multiple of num_heads {arch["num_heads"]}')
    return arch


def _check_sides(what: str, sides: Sequence[int], patch: int) -> None:
    """Refuse images that do not divide into patches."""
    for axis, side in zip(('height', 'width'), sides):
        if side >= patch and side % patch == 0:
            continue
        below = side // patch * patch
        nearest = ' and '.join(
            str(valid) for valid in (below, below + patch) if valid > 0)
        raise ValueError(
            f'{what}: {axis} {side} is not a multiple of patch_size {patch}; '
            f'the nearest valid sides are {nearest}')


def _checkpoint(init_cfg: dict | list | None) -> str:
    """Name the file that ``init_cfg`` loads."""
    cfgs = init_cfg if isinstance(init_cfg, list) else [init_cfg or {}]
    files = [str(cfg['checkpoint']) for cfg in cfgs if 'checkpoint' in cfg]
    return ', '.join(files) or 'init_cfg'
