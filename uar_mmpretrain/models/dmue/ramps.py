"""First the auxiliary branches learn, then the main one."""

from __future__ import annotations

import math

from mmengine.logging import MessageHub


def ramps(epoch: int, length: float) -> tuple[float, float]:
    """Weights of the main branch's losses and of the auxiliary ones.

    ``exp(-5 (1 - e/beta)^2)`` up to beta, then 1; and 1 up to beta, then
    ``exp(-(1 - beta/e)^2)`` (official code of She et al., CVPR 2021, arXiv
    2104.00232).

    Args:
        epoch (int): e, from 0.
        length (float): beta, in epochs.

    Returns:
        tuple[float, float]: Up and down, each in (0, 1].
    """
    if epoch < length:
        return math.exp(-5 * (1 - epoch / length)**2), 1.
    return 1., math.exp(-(1 - length / epoch)**2)


def current_epoch(length: float) -> int:
    """Return the epoch that mmengine's runner is in, from 0.

    Raises:
        ValueError: If no runner says, or the training ends before the main
            branch has its full weight.
    """
    hub = MessageHub.get_current_instance()
    epoch, last = hub.get_info('epoch'), hub.get_info('max_epochs')
    if epoch is None or last is None:
        raise ValueError(
            "DMUE's losses depend on the epoch, and no runner tells it. "
            "Train with mmengine's Runner and its RuntimeInfoHook.")
    if last <= length:
        raise ValueError(
            f'ramp_epochs={length:g}, but the training has {last} epochs: '
            'the main branch would never learn with its full weight. Train '
            'by epoch (train_cfg.by_epoch=True) and longer, or set '
            'model.ramp_epochs to about a third of train_cfg.max_epochs.')
    return int(epoch)
