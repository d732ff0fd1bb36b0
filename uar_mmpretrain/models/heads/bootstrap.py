"""Online bootstrap: a replicate of the data per member, without copies."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np


def poisson_weights(image_ids: Sequence[str], num_members: int) -> np.ndarray:
    """Draw how often each member's bootstrap replicate holds each image.

    The count of an image in a bootstrap replicate of a large set is about
    Poisson(1) (Oza & Russell, 2001). The draw is keyed by the image and the
    member alone, so a member sees the same replicate in every epoch, on any
    worker.

    Args:
        image_ids (Sequence[str]): N image ids.
        num_members (int): M.

    Returns:
        np.ndarray: ``(N, M)`` float32 counts.
    """
    weights = [
        np.random.default_rng(zlib.crc32(image_id.encode())).poisson(
            1., num_members) for image_id in image_ids
    ]
    return np.asarray(weights, dtype=np.float32)
