"""Where released OpenMMLab packages and current PyTorch disagree.

Each shim acts only where it is needed and says in one debug line what it
did. :func:`apply` runs at ``import uar_mmpretrain``, before mmpretrain is
imported.
"""

from .checkpoint_globals import allow_mmengine_checkpoints
from .torchvision_ops import declare_missing_torchvision_ops


def apply() -> None:
    """Apply every shim that this installation needs (idempotent)."""
    declare_missing_torchvision_ops()
    allow_mmengine_checkpoints()


__all__ = [
    'allow_mmengine_checkpoints', 'apply', 'declare_missing_torchvision_ops'
]
