"""Fitted channels as a file beside the checkpoint they belong to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.logging import print_log

from ..routing import fingerprint_weights
from ..uncertainty.channels import ChannelSet
from .checkpoints import read_checkpoint, write_checkpoint

FILE_NAME = 'channels.pth'
_FORMAT = 'uar_mmpretrain.channels/1'


def save_channels(channels: ChannelSet, configs: Sequence[Mapping],
                  weights: Mapping, path: str | Path, **info: Any) -> None:
    """Write fitted channels: tensors and plain values only.

    Args:
        channels (ChannelSet): Fitted.
        configs (Sequence[Mapping]): Configs they were built from.
        weights (Mapping): ``state_dict`` of the checkpoint they were fitted
            on.
        path (str | Path): File to write.
        **info: Plain values to keep, such as the numbers of images.
    """
    meta = dict(format=_FORMAT, configs=_as_json(configs),
                checkpoint=fingerprint_weights(weights), **info)
    write_checkpoint(dict(meta=meta, state_dict=channels.fitted_state()),
                     path)


def load_channels(channels: ChannelSet, configs: Sequence[Mapping],
                  weights: Mapping, path: str | Path) -> dict[str, Any]:
    """Read fitted channels into unfitted ones.

    Args:
        channels (ChannelSet): Built from ``configs``.
        configs (Sequence[Mapping]): As for :func:`save_channels`.
        weights (Mapping): ``state_dict`` of the checkpoint in use.
        path (str | Path): File to read.

    Returns:
        dict[str, Any]: What was kept beside the tensors.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is no such file, or belongs to other weights
            or channels.
    """
    content = read_checkpoint(path)
    meta = content.get('meta') or {}
    again = 'Run tools/fit_channels.py again.'
    if meta.get('format') != _FORMAT:
        raise ValueError(f'{path} holds no channels (format '
                         f'{meta.get("format")!r}). {again}')
    if meta['checkpoint'] != fingerprint_weights(weights):
        raise ValueError(
            f'{path} was fitted on other weights (fingerprint '
            f'{meta["checkpoint"]}, here {fingerprint_weights(weights)}). '
            f'{again}')
    if meta['configs'] != _as_json(configs):
        raise ValueError(f'{path} was fitted for channels {meta["configs"]}; '
                         f'the config has {_as_json(configs)}. {again}')
    channels.load_fitted(content['state_dict'])
    return meta


def load_channels_beside(model: Any, weights: Mapping,
                         checkpoint: str | Path) -> None:
    """Load ``channels.pth`` that lies beside a checkpoint, if it does.

    Args:
        model (torch.nn.Module): Without channels, nothing happens.
        weights (Mapping): ``state_dict`` of the checkpoint.
        checkpoint (str | Path): Its path.

    Raises:
        ValueError: If the file belongs to other weights or other channels.
    """
    configs = getattr(model, 'channel_configs', ())
    if not configs:
        return
    path = Path(checkpoint).with_name(FILE_NAME)
    if not path.is_file():
        print_log(f'no {path}: the predictions get no channels; '
                  'tools/fit_channels.py CONFIG CHECKPOINT fits them',
                  'current')
        return
    load_channels(model.channels, configs, weights, path)
    model.channels.to(next(model.parameters()).device)
    print_log(f'channels: {path}', 'current')


def _as_json(configs: Sequence[Mapping]) -> str:
    return json.dumps([dict(one) for one in configs], sort_keys=True)
