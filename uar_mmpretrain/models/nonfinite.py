"""Members whose outputs are not numbers: named, never averaged in silence."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import torch
from mmengine.logging import print_log

POLICIES = ('error', 'exclude')


def check_policy(on_nonfinite: str) -> str:
    """Return the policy.

    Raises:
        ValueError: If it is not one of :data:`POLICIES`.
    """
    if on_nonfinite not in POLICIES:
        raise ValueError(f'on_nonfinite={on_nonfinite!r}; expected one of '
                         f'{", ".join(POLICIES)}.')
    return on_nonfinite


def to_scores(logits: torch.Tensor) -> torch.Tensor:
    """Softmax in single precision; NaN where a logit is not finite.

    A softmax alone makes an innocent 0 of the -inf that half precision
    overflows to.

    Args:
        logits (torch.Tensor): ``(..., C)``, of any precision.

    Returns:
        torch.Tensor: ``(..., C)`` float32 probabilities.
    """
    logits = logits.float()
    broken = ~torch.isfinite(logits).all(-1, keepdim=True)
    return logits.softmax(-1).masked_fill(broken, float('nan'))


def usable_members(member_scores: torch.Tensor,
                   data_samples: Sequence[Any] | None = None,
                   on_nonfinite: str = 'error') -> torch.Tensor | None:
    """Find the members a decomposition may use.

    Args:
        member_scores (torch.Tensor): ``(N, M, C)``, see :func:`to_scores`.
        data_samples (Sequence[DataSample | None] | None): N samples, for the
            names of the images.
        on_nonfinite (str): 'error', or 'exclude' to leave such a member out
            for these images.

    Returns:
        torch.Tensor | None: ``(N, M)`` mask; None for all members on all
        images.

    Raises:
        ValueError: If a member gave something that is not a number, unless
            it may be left out and at least two others remain.
    """
    usable = torch.isfinite(member_scores).all(-1)
    if usable.all():
        return None
    found = _describe(~usable, data_samples)
    if on_nonfinite == 'error':
        raise ValueError(
            f'{found}. Its weights may be damaged, or mixed precision '
            'overflowed: check the checkpoint, and test without autocast. '
            "ensemble.on_nonfinite='exclude' tests without such members.")
    if (usable.sum(1) < 2).any():
        raise ValueError(f'{found}; fewer than two members are left, which '
                         'have no epistemic part. Train them again.')
    for member in (~usable).any(0).nonzero().flatten().tolist():
        # Shown once: mmengine's loggers leave repeated warnings out.
        print_log(f'member {member} gave outputs that are not finite; it is '
                  "left out (on_nonfinite='exclude')", 'current',
                  logging.WARNING)
    return usable


def _describe(broken: torch.Tensor,
              data_samples: Sequence[Any] | None) -> str:
    """Put in words which members failed on which images."""
    images, members = broken.shape
    parts = []
    for member in broken.any(0).nonzero().flatten().tolist():
        first = int(broken[:, member].nonzero()[0])
        parts.append(
            f'member {member} of {members} gave outputs that are not finite '
            f'for {int(broken[:, member].sum())} of {images} images (first: '
            f'{image_name(first, data_samples)})')
    return '; '.join(parts)


def image_name(index: int, data_samples: Sequence[Any] | None) -> str:
    """Return what names an image of a batch in a message."""
    sample = None if data_samples is None else data_samples[index]
    for key in ('img_path', 'image_id'):
        if sample is not None and sample.get(key) is not None:
            return repr(str(sample.get(key)))
    return f'number {index} of the batch'
