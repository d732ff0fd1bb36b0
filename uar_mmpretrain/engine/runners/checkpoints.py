"""Reading checkpoints as data, and building the ensemble's own file."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from mmengine.logging import print_log

from ...atomic_write import atomic_write
from ...routing import fingerprint_weights
from ..finite_weights import check_finite_weights
from .checkpoint_checks import check_archive, check_content
from .local_loader import load_safely
from .member_set import check_different

ENSEMBLE_FORMAT = 'uar_mmpretrain.ensemble/1'
_NAME = re.compile(r'epoch_(\d+)(?:_iter_(\d+))?\.pth')


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """Load a checkpoint to the CPU without executing anything from it.

    Args:
        path (str | Path): A ``.pth`` file of torch's zip format.

    Returns:
        dict[str, Any]: The checkpoint, with a ``state_dict``.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is truncated, would run code, unpacks to
            more than it is, or holds no ``state_dict`` of tensors.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'no checkpoint at {path}. Train first, or '
                                'give the path of an existing one.')
    check_archive(path)
    checkpoint = load_safely(path)
    check_content(path, checkpoint)
    return checkpoint


def write_checkpoint(checkpoint: dict[str, Any], path: str | Path) -> None:
    """Save so that no half file is ever seen."""
    # Given a name, torch itself writes, and does not say why it failed.
    with atomic_write(path) as beside, beside.open('wb') as stream:
        torch.save(checkpoint, stream)


def latest_checkpoint(folder: str | Path) -> Path | None:
    """Return the newest readable ``epoch_*.pth``, None if there is none.

    That is ``epoch_E.pth`` after E epochs, or ``epoch_E_iter_I.pth`` within
    the one that follows. Where a file is truncated (another program wrote or
    copied it) the one before it is used, with a warning.
    """
    files = sorted((file for file in Path(folder).glob('epoch_*.pth')
                    if _NAME.fullmatch(file.name)), key=_progress)
    for file in reversed(files):
        try:
            read_checkpoint(file)
        except ValueError as error:
            print_log(f'passed over, the checkpoint before it is used: '
                      f'{error}', 'current', logging.WARNING)
            continue
        return file
    return None


def _progress(file: Path) -> tuple[int, int]:
    """Return the epochs, and iterations beyond them, of a file name."""
    epoch, within = _NAME.fullmatch(file.name).groups()  # type: ignore
    return int(epoch), int(within or 0)


def join_members(paths: Sequence[str | Path], members: Sequence[dict],
                 classes: Sequence[str] | None) -> dict[str, Any]:
    """Build the ensemble checkpoint from member checkpoints.

    Args:
        paths (Sequence[str | Path]): M member checkpoints.
        members (Sequence[dict]): M classifier configs that describe them.
        classes (Sequence[str] | None): Class order all must share; None
            takes that of the first.

    Returns:
        dict[str, Any]: ``state_dict`` with prefixes ``members.{m}.`` and a
        ``meta`` of plain values (classes, configs as JSON, sources).

    Raises:
        ValueError: If a checkpoint cannot be read, its class order differs,
            a weight is not finite, or two hold the same weights.
    """
    state, sources, marks = {}, [], []
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
        format=ENSEMBLE_FORMAT,
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
