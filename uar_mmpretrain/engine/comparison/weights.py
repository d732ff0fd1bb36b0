"""Weights that one method takes from another."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mmengine.config import Config

from ...files.atomic_write import atomic_write
from ..runners.member_config import member_dir
from .methods import Method
from .steps import StepFailed


class Trained(NamedTuple):
    """A method that is trained.

    Args:
        folder (Path): Its training folder.
        cfg (Config): Its config.
    """

    folder: Path
    cfg: Config


def find_weights(method: Method, cfg: Config,
                 trained: Mapping[str, Trained]) -> Path | None:
    """Return the weights a method takes from another one.

    Args:
        method (Method): The method.
        cfg (Config): Its config.
        trained (Mapping[str, Trained]): Those trained before, by name.

    Returns:
        Path | None: The file; None for a method that trains its own.

    Raises:
        StepFailed: If the other one is not trained, or has no such file.
        ValueError: If it was trained on pixels preprocessed in another way.
    """
    weights = method.weights
    if weights is None:
        return None
    if weights.method not in trained:
        raise StepFailed(f'needs the weights of {weights.method}, which '
                         'is not trained')
    source = trained[weights.method]
    here, there = (one.get('data_preprocessor') for one in (cfg, source.cfg))
    if here != there:
        raise ValueError(f'data_preprocessor is {here}; the weights of '
                         f'{weights.method} were trained with {there}. '
                         'Give both configs the same')
    path = source.folder / weights.file
    if not path.is_file():
        raise StepFailed(f'no {path}; correct weights.file of {method.name}')
    return path


def adopt_member(weights: Path, folder: Path) -> None:
    """Make a finished member of one ensemble member 0 of another.

    Args:
        weights (Path): Its ``member.pth``.
        folder (Path): Training folder of the other. Whether the member is
            what its config trains is found out by the training.
    """
    with atomic_write(member_dir(folder, 0) / 'member.pth') as beside:
        shutil.copyfile(weights, beside)
