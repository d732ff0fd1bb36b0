"""Factors of losses that change while a network is trained."""

from __future__ import annotations

import math

from mmengine.logging import MessageHub


def training_progress() -> float:
    """Share of the running training that is done, from 0 to 1.

    As mmengine's runner counts it in its message hub; 1 where nothing is
    counted.
    """
    hub = MessageHub.get_current_instance()
    total = hub.runtime_info.get('max_iters')
    if not total:
        return 1.
    return min(1., hub.runtime_info.get('iter', 0) / total)


def ramp_factor(progress: float, end: float) -> float:
    """Rise from e^-5 to 1: ``exp(-5 (1 - min(1, progress / end))^2)``.

    The ramp of Laine and Aila ("Temporal ensembling", ICLR 2017).

    Args:
        progress (float): Share of the training that is done.
        end (float): Where 1 is reached; 0: 1 throughout.
    """
    if progress >= end:
        return 1.
    return math.exp(-5 * (1 - progress / end)**2)


def cosine_factor(progress: float, last: float = 0.3) -> float:
    """Fall from 1 to ``last`` along a half cosine.

    Args:
        progress (float): Share of the training that is done.
        last (float): Factor at its end; our choice.
    """
    return last + (1 - last) * (1 + math.cos(math.pi * progress)) / 2
