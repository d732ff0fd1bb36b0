"""Read checkpoints safely, also with a torch that has no allow list.

Before torch 2.6 nothing can be added to what ``weights_only=True`` accepts,
and mmengine's training log is not accepted: no checkpoint that mmengine
writes could be read safely. ``torch.load`` takes its unpickler from a module
that it is given, though; the one here knows the allowed names and no other.
"""

from __future__ import annotations

import codecs
import os
import pickle
import zipfile
from collections import Counter
from functools import cache
from types import SimpleNamespace
from typing import Any

import torch

from .checkpoint_globals import data_globals, has_allow_list


@cache
def _allowed() -> dict[str, Any]:
    """Return every object a checkpoint may name, by its pickled name."""
    from torch._weights_only_unpickler import _get_allowed_globals
    allowed = dict(_get_allowed_globals())
    allowed.update((name, item) for item, name in data_globals())
    # What later versions of torch allow besides: milestones of a schedule
    # are counted, and protocol 2 encodes the bytes of numpy arrays.
    allowed.update({'collections.Counter': Counter, 'builtins.set': set,
                    'torch.device': torch.device,
                    '_codecs.encode': codecs.encode})
    return allowed


# The unpickler written in Python, because that in C cannot be told what it
# may set the state of.
class _Unpickler(pickle._Unpickler):
    """Looks up, calls and fills in only what a checkpoint may hold."""

    # Bytes that the file has of each storage; None for torch's formats before
    # 1.6, whose reader counts the bytes itself.
    sizes: dict[str, int] | None

    def find_class(self, module: str, name: str) -> Any:
        # Protocol 2 has the names of Python 2.
        module = module.replace('__builtin__', 'builtins')
        try:
            return _allowed()[f'{module}.{name}']
        except KeyError:
            raise pickle.UnpicklingError(
                f'{module}.{name} is none of the classes that a checkpoint '
                'may hold') from None

    def load_build(self) -> None:
        """Set the state of an instance, never that of a class or function."""
        kind = type(self.stack[-2])
        if kind not in _allowed().values():
            raise pickle.UnpicklingError(
                f'the checkpoint sets attributes of a {kind.__name__}')
        super().load_build()

    def load_binpersid(self) -> None:
        """Refuse a storage that says it holds more than the file has of it.

        An older torch believes it, and reads on behind its end.
        """
        if self.sizes is not None:
            _, kind, key, _, number = self.stack[-1]
            size = torch._utils._element_size(kind.dtype)
            if number * size > self.sizes[key]:
                raise pickle.UnpicklingError(
                    f'a storage of {number} numbers has {self.sizes[key]} '
                    'bytes')
        super().load_binpersid()

    dispatch = {**pickle._Unpickler.dispatch, pickle.BUILD[0]: load_build,
                pickle.BINPERSID[0]: load_binpersid}


def safe_loading(path: str | os.PathLike) -> dict[str, Any]:
    """Return what to give ``torch.load`` so that a file runs no code.

    Args:
        path (str | os.PathLike): The file, in any format of torch.

    Returns:
        dict[str, Any]: ``weights_only=True``, or for torch older than 2.6 a
        ``pickle_module`` as strict.
    """
    if has_allow_list():
        return dict(weights_only=True)
    sizes = None
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename.partition('/data/')[2]: entry.file_size
                     for entry in archive.infolist()}
    reader = type('Unpickler', (_Unpickler, ), dict(sizes=sizes))
    module = SimpleNamespace(
        __name__=__name__, Unpickler=reader,
        load=lambda stream, **options: reader(stream, **options).load())
    # torch refuses weights_only beside an unpickler, which decides itself.
    return dict(pickle_module=module)
