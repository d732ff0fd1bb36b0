"""Processes that train or test one model together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from mmengine.config import Config
from mmengine.dist import (
    broadcast_object_list,
    init_dist,
    is_distributed,
    is_main_process,
)
from mmengine.utils.dl_utils import set_multi_processing

T = TypeVar('T')
_BROADCAST = dict(type='mmpretrain.BroadcastBuffersHook')


def start_processes(cfg: Config) -> None:
    """Let the processes of a launcher find each other.

    mmengine's runner does so when it is built; an ensemble has to agree on
    what is finished before. On a machine without a GPU, where mmengine would
    fail, the processes talk over gloo, whatever ``env_cfg.dist_cfg`` says.

    Args:
        cfg (Config): With ``launcher``. It gets a ``BroadcastBuffersHook``,
            and without a GPU a ``model_wrapper_cfg`` if it has none.

    Raises:
        ValueError: If the launcher needs GPUs and there is none.
    """
    launcher = cfg.get('launcher') or 'none'
    if launcher == 'none':
        return
    hooks = list(cfg.get('custom_hooks') or [])
    if _BROADCAST not in hooks:
        cfg.custom_hooks = [*hooks, _BROADCAST]
    if not torch.cuda.is_available():
        _start_on_cpu(cfg, launcher)
    elif not is_distributed():
        env = cfg.get('env_cfg') or {}
        # In this order, as in mmengine's Runner.setup_env.
        set_multi_processing(**env.get('mp_cfg', {}), distributed=True)
        init_dist(launcher, **env.get('dist_cfg', {}))


def _start_on_cpu(cfg: Config, launcher: str) -> None:
    if launcher != 'pytorch':
        raise ValueError(
            f'launcher {launcher!r}: no GPU was found, and without one only '
            "'pytorch' works (tools/dist_train.sh, tools/dist_test.sh).")
    if not is_distributed():
        dist.init_process_group('gloo')
    if cfg.get('model_wrapper_cfg') is None:
        # What mmengine takes on GPUs, but for the device.
        cfg.model_wrapper_cfg = dict(
            type='MMDistributedDataParallel', device_ids=None,
            broadcast_buffers=False,
            find_unused_parameters=cfg.get('find_unused_parameters', False))


def from_main(function: Callable[..., T], *args: Any) -> T:
    """Call a function in the main process, and return its value in all.

    For decisions that depend on files: another machine may see them later.
    An error is raised in every process, so that none waits for the others.

    Args:
        function (Callable): What to call; its value must be picklable.
        *args (Any): Its arguments.

    Returns:
        The value.
    """
    outcome: list[Any] = [None, None]
    if is_main_process():
        try:
            outcome[0] = function(*args)
        except Exception as error:
            outcome[1] = error
    broadcast_object_list(outcome)
    if outcome[1] is not None:
        raise outcome[1]
    return outcome[0]
