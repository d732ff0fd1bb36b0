"""Reading checkpoints as data, and building the ensemble's own file."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

ENSEMBLE_FORMAT = 'uar_mmpretrain.ensemble/1'


def read_checkpoint(path: str | Path) -> dict[str, Any]:
    """Load a checkpoint to the CPU without executing anything from it.

    Args:
        path (str | Path): A ``.pth`` file of torch's zip format.

    Returns:
        dict[str, Any]: The checkpoint, with a ``state_dict``.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is truncated, would run code, or holds no
            ``state_dict``.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'no checkpoint at {path}. Train first, or '
                                'give the path of an existing one.')
    try:
        checkpoint = torch.load(path, map_location='cpu', weights_only=True)
    except (RuntimeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise ValueError(
            f'{path} ({path.stat().st_size} bytes) is truncated or no '
            'checkpoint. Copy it again, or resume from an earlier '
            'one.') from error
    except (pickle.UnpicklingError, ValueError) as error:
        raise ValueError(
            f'{path} was refused: reading it safely failed, because it is '
            'not a checkpoint or tries to run code '
            f'({str(error).splitlines()[0]}). Use a file of weights, '
            'from a source you trust.') from error
    if not isinstance(checkpoint, dict) or 'state_dict' not in checkpoint:
        keys = list(checkpoint) if isinstance(checkpoint, dict) else []
        raise ValueError(f'{path} has no state_dict; found {keys[:5]}. '
                         'Expected a checkpoint written by mmengine.')
    return checkpoint


def write_checkpoint(checkpoint: dict[str, Any], path: str | Path) -> None:
    """Save beside, then rename, so that no half file is ever seen."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Jobs of one array may finish together: each writes its own file.
    beside = path.with_name(f'{path.name}.{os.getpid()}.tmp')
    torch.save(checkpoint, beside)
    os.replace(beside, path)


def latest_checkpoint(folder: str | Path) -> Path | None:
    """Return the newest readable ``epoch_*.pth``, None if there is none.

    A training killed while it saved leaves a truncated file; the one before
    it is used then.
    """
    files = sorted(Path(folder).glob('epoch_*.pth'),
                   key=lambda file: int(file.stem.split('_')[1]))
    for file in reversed(files):
        try:
            read_checkpoint(file)
        except ValueError:
            continue
        return file
    return None


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
        ValueError: If a checkpoint cannot be read, or its class order
            differs.
    """
    state, sources = {}, []
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
                 epoch=meta.get('epoch'), classes_known=found is not None))
        for key, value in checkpoint['state_dict'].items():
            state[f'members.{m}.{key}'] = value
    meta = dict(
        format=ENSEMBLE_FORMAT,
        num_members=len(paths),
        dataset_meta=dict(classes=tuple(classes or ())),
        members=sources,
        member_configs=json.dumps(list(members)))
    return dict(meta=meta, state_dict=state)


def check_ensemble(path: str | Path, num_members: int) -> None:
    """Refuse another M, or a single member, before anything is built.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is not an ensemble checkpoint of M members.
    """
    found = read_checkpoint(path).get('meta', {}).get('num_members')
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
