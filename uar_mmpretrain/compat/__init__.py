"""Where released OpenMMLab packages and current PyTorch disagree.

Each shim acts only where it is needed. What must act before mmpretrain is
imported, :func:`apply` does at ``import uar_mmpretrain``, and says so in one
debug line each.
"""

from .checkpoint_globals import allow_mmengine_checkpoints
from .restricted_unpickler import safe_loading
from .torchvision_ops import declare_missing_torchvision_ops
from .vmap_attention import attention_under_vmap


def apply() -> None:
    """Apply every shim that this installation needs (idempotent)."""
    declare_missing_torchvision_ops()
    allow_mmengine_checkpoints()


__all__ = [
    'allow_mmengine_checkpoints', 'apply', 'attention_under_vmap',
    'declare_missing_torchvision_ops', 'safe_loading'
]
