"""Checkpoints of mmengine that are there whole or not at all."""

from __future__ import annotations

from pathlib import Path

from mmengine.fileio import LocalBackend, register_backend

from ...files.atomic_write import atomic_write


class AtomicBackend(LocalBackend):
    """mmengine's local files, written with :func:`.atomic_write`.

    A training killed while it saves, or on a full disk, keeps the checkpoint
    from before. For any hook that saves checkpoints::

        checkpoint=dict(type='CheckpointHook',
                        backend_args=dict(backend='atomic'))
    """

    def put(self, obj: bytes, filepath: str | Path) -> None:
        """Write bytes.

        Raises:
            OSError: If the disk is full; names the bytes needed and free.
        """
        with atomic_write(filepath, size=len(obj)) as beside:
            beside.write_bytes(obj)


# In the words of configs: backend_args=dict(backend='atomic').
register_backend('atomic', AtomicBackend, force=True)
