"""Where released OpenMMLab packages and current PyTorch disagree.

Each shim acts only where it is needed, which :func:`apply` finds out at
``import uar_mmpretrain`` and says in one debug line each. It does there what
must be done before mmpretrain is imported; the others act when a checkpoint
is read, or members run as one pass.
"""

import logging

import torch

from .checkpoint_globals import allow_mmengine_checkpoints, has_allow_list
from .restricted_unpickler import safe_loading
from .torchvision_ops import declare_missing_torchvision_ops
from .vmap_attention import attention_under_vmap, batches_attention

logger = logging.getLogger(__name__)


def apply() -> None:
    """Apply every shim that this installation needs (idempotent)."""
    declare_missing_torchvision_ops()
    allow_mmengine_checkpoints()
    if not has_allow_list():
        logger.debug('torch %s has no allow list: checkpoints are read by an '
                     'unpickler of our own', torch.__version__)
    if not batches_attention():
        logger.debug('torch %s cannot batch fused attention: members in one '
                     'pass use plain products', torch.__version__)


__all__ = [
    'allow_mmengine_checkpoints', 'apply', 'attention_under_vmap',
    'declare_missing_torchvision_ops', 'safe_loading'
]
