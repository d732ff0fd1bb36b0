"""What a checkpoint file must be before, and after, it is unpickled."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch


def check_archive(path: Path) -> None:
    """Refuse a file that is not torch's zip, or that unpacks to more.

    torch stores without compression. A compressed entry, or entries that
    share their bytes, would fill the memory before anything is checked.

    Raises:
        ValueError: If so.
    """
    size = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    # Damaged names and fields raise more than BadZipFile.
    except Exception as error:
        raise ValueError(
            f'{path} ({size:,} bytes) is truncated or no checkpoint, or in '
            'the format of torch before 1.6. Copy it again, resume from an '
            'earlier one, or save it again with a newer torch.') from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = any(entry.compress_type != zipfile.ZIP_STORED
                 for entry in entries)
    if packed or unpacked > size:
        raise ValueError(
            f'{path} was refused: {size:,} bytes that unpack to '
            f'{unpacked:,}. torch writes checkpoints without compression. '
            'Use a file of weights, from a source you trust.')


def check_content(path: Path, checkpoint: Any) -> None:
    """Refuse what is not ``meta`` and weights as mmengine writes them.

    Raises:
        ValueError: If there is no ``state_dict``, an entry is no tensor of
            the bytes that are in the file, or ``meta`` is of another form.
    """
    if not isinstance(checkpoint, dict) or not isinstance(
            checkpoint.get('state_dict'), Mapping):
        keys = list(checkpoint) if isinstance(checkpoint, dict) else []
        raise ValueError(f'{path} has no state_dict; found {keys[:5]}. '
                         'Expected a checkpoint written by mmengine.')
    size = path.stat().st_size
    for name, value in _leaves(checkpoint['state_dict']):
        what = _wrong(value, size)
        if what:
            raise ValueError(f'{path} was refused: {name!r} of its '
                             f'state_dict {what}. Expected a checkpoint '
                             'written by mmengine.')
    _check_meta(path, checkpoint)


def _leaves(state: Mapping, prefix: str = '') -> Iterator[tuple[str, Any]]:
    for key, value in state.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f'{prefix}{key}.')
        else:
            yield f'{prefix}{key}', value


def _wrong(value: Any, size: int) -> str:
    if not isinstance(value, torch.Tensor):
        return f'is a {type(value).__name__}, not a tensor'
    taken = value.numel() * value.element_size()
    if taken > size:
        # A view that repeats one number, which a copy would write out.
        return f'says it holds {taken:,} bytes, in a file of {size:,}'
    return ''


def _check_meta(path: Path, checkpoint: dict) -> None:
    meta = checkpoint.get('meta')
    data = meta.get('dataset_meta') if isinstance(meta, Mapping) else None
    classes = data.get('classes') if isinstance(data, Mapping) else None
    for name, value, expected in (('meta', meta, Mapping),
                                  ('meta.dataset_meta', data, Mapping),
                                  ('meta.dataset_meta.classes', classes,
                                   (list, tuple))):
        if value is not None and not isinstance(value, expected):
            raise ValueError(f'{path}: {name} is a {type(value).__name__}. '
                             'Expected a checkpoint written by mmengine.')
    if not all(isinstance(name, str) for name in classes or ()):
        raise ValueError(f'{path}: meta.dataset_meta.classes are not names. '
                         'Expected a checkpoint written by mmengine.')
    members = (meta or {}).get('num_members')
    found = {str(key).split('.')[1] for key in checkpoint['state_dict']
             if str(key).startswith('members.')}
    # That many networks would be built.
    if members is not None and found != set(map(str, range(len(found)))):
        raise ValueError(f'{path} holds the weights of the members '
                         f'{", ".join(sorted(found)[:9]) or "none"}; '
                         'expected 0, 1, ... without a gap.')
    if members is not None and members != len(found):
        raise ValueError(f'{path} says it holds {str(members)[:20]} members, '
                         f'and holds the weights of {len(found)}.')
