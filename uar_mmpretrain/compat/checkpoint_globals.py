"""Let torch's safe unpickler read the checkpoints mmengine writes.

Since torch 2.6 ``torch.load`` reads with ``weights_only=True``, which refuses
every class not on its allow list. mmengine stores its training log
(``HistoryBuffer``, numpy arrays and scalars) in every checkpoint, so
``--resume`` and testing fail on mmengine's own files. The few classes needed
hold data only and are allow-listed here; the safety itself stays on, so a
checkpoint that tries to run code is still refused.
"""

from __future__ import annotations

import logging
from typing import Any, Callable

import numpy as np
import torch

logger = logging.getLogger(__name__)

_STATISTICS = ('min', 'max', 'current', 'mean')


def _history_buffer_method(owner: Any, name: str) -> Callable:
    """Stand in for ``getattr`` in a checkpoint: log statistics only.

    ``HistoryBuffer`` pickles its four statistics as ``getattr(HistoryBuffer,
    name)``. Allowing ``getattr`` itself would let a file reach any object.

    Raises:
        ValueError: If anything but one of those four methods is asked for.
    """
    from mmengine.logging import HistoryBuffer
    if owner is not HistoryBuffer or name not in _STATISTICS:
        raise ValueError(
            f'the checkpoint asks for attribute {name!r} of {owner!r}; only '
            'the log statistics of HistoryBuffer are read from a checkpoint. '
            'Do not use this file: it was not written by mmengine as '
            'released.')
    return getattr(HistoryBuffer, name)


def data_globals() -> list[tuple[Any, str]]:
    """Return ``(object, pickled name)`` of everything mmengine stores."""
    from mmengine.logging import HistoryBuffer
    try:
        from numpy._core import multiarray
    except ImportError:  # numpy 1
        from numpy.core import multiarray
    globals_ = [
        (HistoryBuffer, 'mmengine.logging.history_buffer.HistoryBuffer'),
        (_history_buffer_method, 'builtins.getattr'),
        (np.ndarray, 'numpy.ndarray'),
        (np.dtype, 'numpy.dtype'),
    ]
    # numpy 2 renamed the module; files of both kinds are about.
    for module in ('numpy.core.multiarray', 'numpy._core.multiarray'):
        globals_ += [
            (multiarray._reconstruct, f'{module}._reconstruct'),
            (multiarray.scalar, f'{module}.scalar'),
        ]
    # A dtype is rebuilt as an instance of its own class (numpy >= 1.25).
    for code in ('float64', 'float32', 'float16', 'int64', 'int32', 'uint8',
                 'bool'):
        kind = type(np.dtype(code))
        globals_.append((kind, f'{kind.__module__}.{kind.__qualname__}'))
    return globals_


def allow_mmengine_checkpoints() -> int:
    """Allow-list the harmless classes found in mmengine's checkpoints.

    Does nothing where ``torch.load`` does not read safely by default (torch
    older than 2.6); :func:`safe_loading` is for those.

    Returns:
        int: Number of pickled names newly allowed; 0 if none was needed.
    """
    if not has_allow_list():
        return 0
    known = {_pickled_name(item)
             for item in torch.serialization.get_safe_globals()}
    new = [item for item in data_globals() if item[1] not in known]
    if new:
        torch.serialization.add_safe_globals(new)
        logger.debug(
            'torch %s loads with weights_only=True; allow-listed %d data '
            'classes that mmengine stores in checkpoints', torch.__version__,
            len(new))
    return len(new)


def has_allow_list() -> bool:
    """Return whether torch reads safely by default, and can be told more."""
    return torch_version() >= (2, 6)


def torch_version() -> tuple[int, int]:
    """Return major and minor version."""
    major, minor = torch.__version__.split('.')[:2]
    return int(major), int(minor)


def _pickled_name(item: Any) -> str:
    if isinstance(item, tuple):
        return item[1]
    return f'{item.__module__}.{item.__qualname__}'
