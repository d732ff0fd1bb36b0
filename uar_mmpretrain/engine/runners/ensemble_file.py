"""The ensemble's own checkpoint: all members in one file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.logging import print_log

from ...routing import fingerprint_weights
from ..checkpoints import (
    check_finite_weights,
    read_checkpoint,
    write_checkpoint,
)
from .ensemble_config import member_models
from .member_set import check_different, check_same_data

_FORMAT = 'uar_mmpretrain.ensemble/1'


def write_ensemble(cfg: Config, paths: Sequence[str | Path],
                   out: Path) -> None:
    """Join member checkpoints into one file.

    Args:
        cfg (Config): The ensemble's config.
        paths (Sequence[str | Path]): M member checkpoints.
        out (Path): The file.

    Raises:
        ValueError: As :func:`join_members` raises; or if members trained by
            this config saw different data.
    """
    checkpoint = join_members(paths, member_models(cfg, len(paths)))
    meta = checkpoint['meta']
    if not cfg.ensemble.get('checkpoints'):
        check_same_data(meta['members'])
    # As mmengine does: who infers needs the pipeline.
    meta['cfg'] = cfg.pretty_text
    write_checkpoint(checkpoint, out)
    print_log(f'ensemble of {len(paths)} members: {out}', 'current')


def join_members(paths: Sequence[str | Path],
                 members: Sequence[dict]) -> dict[str, Any]:
    """Build the ensemble checkpoint from member checkpoints.

    Args:
        paths (Sequence[str | Path]): M member checkpoints.
        members (Sequence[dict]): M classifier configs that describe them.

    Returns:
        dict[str, Any]: ``state_dict`` with prefixes ``members.{m}.`` and a
        ``meta`` of plain values (classes, configs as JSON, sources).

    Raises:
        ValueError: If a checkpoint cannot be read, its class order differs,
            a weight is not finite, or two hold the same weights.
    """
    state, sources, marks = {}, [], []
    classes: Sequence[str] | None = None
    for m, path in enumerate(paths):
        checkpoint = read_checkpoint(path)
        meta = checkpoint.get('meta', {})
        found = meta.get('dataset_meta', {}).get('classes')
        classes = classes or found
        if found is not None and tuple(found) != tuple(classes):
            raise ValueError(
                f'{path}: class order {", ".join(found)}; expected '
                f'{", ".join(classes)}. Members of one ensemble must share '
                'classes and their order: train this member again with the '
                'same data set config.')
        sources.append(
            dict(path=str(path), seed=meta.get('seed'),
                 epoch=meta.get('epoch'), data=meta.get('data'),
                 classes_known=found is not None))
        check_finite_weights(checkpoint['state_dict'], str(path))
        marks.append(fingerprint_weights(checkpoint['state_dict']))
        for key, value in checkpoint['state_dict'].items():
            state[f'members.{m}.{key}'] = value
    check_different(paths, marks)
    meta = dict(
        format=_FORMAT,
        num_members=len(paths),
        dataset_meta=dict(classes=tuple(classes or ())),
        members=sources,
        member_configs=json.dumps(list(members)))
    return dict(meta=meta, state_dict=state)


def check_ensemble(path: str | Path, num_members: int,
                   finite: bool = True) -> None:
    """Refuse another M, or a single member, before anything is built.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is not an ensemble checkpoint of M members,
            or, where they are to be ``finite``, a weight is not.
    """
    checkpoint = read_checkpoint(path)
    found = checkpoint.get('meta', {}).get('num_members')
    if found is None:
        raise ValueError(
            f'{path} is not an ensemble checkpoint (a single member?). Give '
            'the ensemble.pth of the training, or name all members in '
            'ensemble.checkpoints.')
    if found != num_members:
        raise ValueError(
            f'{path} holds {found} members, the config asks for '
            f'{num_members}. Set ensemble.num_members={found}, or give the '
            'matching checkpoint.')
    if finite:
        check_finite_weights(checkpoint['state_dict'], str(path))
