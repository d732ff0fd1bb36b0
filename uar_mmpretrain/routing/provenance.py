"""Fingerprints of what a router was calibrated with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import torch

_DIGITS = 16


def fingerprint_weights(state_dict: Mapping[str, torch.Tensor]) -> str:
    """Hash names, shapes, types and bytes of all weights.

    Independent of the order of the keys and of everything else that a
    checkpoint file holds.

    Args:
        state_dict (Mapping[str, torch.Tensor]): Weights of a checkpoint.

    Returns:
        str: First 16 hexadecimal digits of the SHA-256.
    """
    digest = hashlib.sha256()
    for name in sorted(state_dict):
        value = state_dict[name].detach().cpu().contiguous()
        digest.update(f'{name}{tuple(value.shape)}{value.dtype}'.encode())
        # As bytes: numpy knows no bfloat16.
        digest.update(value.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:_DIGITS]


def fingerprint_data(image_id: np.ndarray,
                     labels: np.ndarray,
                     votes: np.ndarray | None = None) -> str:
    """Hash which images with which labels, in any order.

    Args:
        image_id (np.ndarray): ``(N,)`` str.
        labels (np.ndarray): ``(N,)`` or ``(N, K)`` labels or votes.
        votes (np.ndarray | None): ``(N, C)`` votes beside the labels.

    Returns:
        str: First 16 hexadecimal digits of the SHA-256.
    """
    if votes is not None:
        labels = np.column_stack([votes, labels])
    rows = np.asarray(labels, dtype=np.float64).reshape(len(image_id), -1)
    lines = sorted(f'{name}\t{row.tolist()}'
                   for name, row in zip(image_id, rows))
    return hashlib.sha256('\n'.join(lines).encode()).hexdigest()[:_DIGITS]
