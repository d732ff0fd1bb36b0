"""What the auxiliary branches learn: every class but their own."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor


def relabel(labels: Tensor, branch: int) -> Tensor:
    """Number the classes without that of a branch.

    Args:
        labels (Tensor): ``(N, )`` classes; images of class ``branch`` are
            left out.
        branch (int): c.

    Returns:
        Tensor: ``(|I_c|, )`` y where y < c, y - 1 where y > c.
    """
    others = labels[labels != branch]
    return others - (others > branch).long()


def auxiliary_loss(logits: Sequence[Tensor], labels: Tensor) -> Tensor:
    """Mean cross-entropy of the auxiliary branches.

    ``1/C sum_c mean_{i in I_c} CE(A^c_i, y'_i)`` with I_c the images of other
    classes than c (official code of She et al., CVPR 2021, arXiv
    2104.00232). A branch without images adds nothing.

    Args:
        logits (Sequence[Tensor]): Of branch c, ``(|I_c|, C - 1)``, for the
            images of I_c in order.
        labels (Tensor): ``(N, )`` classes of the batch.

    Returns:
        Tensor: In nats.
    """
    losses = [
        F.cross_entropy(branch_logits, relabel(labels, branch))
        if len(branch_logits) else branch_logits.sum()
        for branch, branch_logits in enumerate(logits)
    ]
    return torch.stack(losses).mean()
