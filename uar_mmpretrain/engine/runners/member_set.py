"""What makes checkpoints the members of one ensemble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.logging import print_log

from ...datasets.checks.splits import items_fingerprint, read_items


def training_data(dataset: Any) -> str | None:
    """Hash which images with which labels a member was trained on.

    Args:
        dataset (Any): Training set.

    Returns:
        str | None: None if the data set does not name its images.
    """
    try:
        return items_fingerprint(read_items(dataset))
    except (KeyError, TypeError) as error:
        print_log(f'what a member was trained on is not noted: {error}',
                  'current')
        return None


def check_seed(path: str | Path, found: int | None, expected: int) -> None:
    """Refuse a finished member that is another one.

    Raises:
        ValueError: If the seed is known and not the expected one.
    """
    if found is not None and found != expected:
        raise ValueError(
            f'{path} was trained with seed {found}; this member has seed '
            f'{expected}. It may be a copy of another member, or '
            'ensemble.seeds was changed: delete the folder '
            f'{Path(path).parent} to train it, or restore the seeds.')


def check_different(paths: Sequence[str | Path],
                    marks: Sequence[str]) -> None:
    """Refuse the same weights twice.

    Args:
        paths (Sequence[str | Path]): M checkpoints.
        marks (Sequence[str]): Fingerprints of their weights.

    Raises:
        ValueError: If two are equal.
    """
    first: dict[str, str | Path] = {}
    for path, mark in zip(paths, marks):
        if mark in first:
            raise ValueError(
                f'{path} holds the same weights as {first[mark]}. A member '
                'that counts twice makes an ensemble look surer than it is: '
                'name each once, or train it again with a seed of its own.')
        first[mark] = path


def check_same_data(members: Sequence[Mapping[str, Any]]) -> None:
    """Refuse members of one config that saw different training data.

    Args:
        members (Sequence[Mapping]): ``path`` and ``data`` of each, from
            :func:`training_data`.

    Raises:
        ValueError: If two differ; where it is not known, nothing is compared.
    """
    known = [member for member in members if member.get('data')]
    for member in known[1:]:
        if member['data'] != known[0]['data']:
            raise ValueError(
                f'{member["path"]} and {known[0]["path"]} were trained on '
                f'different data (fingerprints {member["data"]} and '
                f'{known[0]["data"]}): other images or labels under the same '
                'config, such as an incomplete copy on one machine. Find out '
                'which is right (tools/analysis_tools/check_data.py), and '
                'delete the folders of the others to train them again.')
