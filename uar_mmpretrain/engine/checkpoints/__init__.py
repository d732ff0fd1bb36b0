"""Checkpoint files: written whole, read as data, never run.

- ``files``: :func:`read_checkpoint`, :func:`write_checkpoint` and the newest
  of a training; ``atomic_backend`` writes those of mmengine the same way.
- ``local_loader``, ``url_loader`` and ``checks``: what is refused, also where
  mmengine loads.
- ``finite_weights``: weights that are not numbers are refused.
- ``stored_config`` and ``stored_types``: the config in a checkpoint, and the
  classes that it may build; ``config_changes``: what differs from another.
"""

from .atomic_backend import AtomicBackend
from .config_changes import changes_since, describe
from .files import latest_checkpoint, read_checkpoint, write_checkpoint
from .finite_weights import check_finite_weights
from .stored_config import find_config
from .url_loader import load_from_url

__all__ = [
    'AtomicBackend', 'changes_since', 'check_finite_weights', 'describe',
    'find_config', 'latest_checkpoint', 'load_from_url', 'read_checkpoint',
    'write_checkpoint'
]
