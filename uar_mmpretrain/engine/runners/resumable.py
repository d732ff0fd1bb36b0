"""A training that can be killed, asked to stop, and resumed."""

from __future__ import annotations

import copy

from mmengine.config import Config
from mmengine.runner import Runner

from ...files.atomic_write import remove_leftovers
from ..checkpoints import latest_checkpoint
from ..preemption import exit_when_asked
from ..processes import from_main, start_processes


@exit_when_asked()
def train_one(cfg: Config) -> Runner:
    """Train a single model with mmengine's runner, :func:`resumable`.

    With ``resume`` and no ``load_from`` it goes on from the newest
    checkpoint in the work dir that can be read; mmengine takes the one it
    noted last, whole or not.

    Args:
        cfg (Config): Its config.

    Returns:
        Runner: Has trained it.
    """
    cfg = resumable(cfg)
    start_processes(cfg)
    from_main(remove_leftovers, cfg.work_dir)
    if cfg.get('resume') and not cfg.get('load_from'):
        latest = from_main(latest_checkpoint, cfg.work_dir)
        cfg.load_from = None if latest is None else str(latest)
    runner = Runner.from_cfg(cfg)
    runner.train()
    return runner


def resumable(cfg: Config) -> Config:
    """Let mmengine's training of one model survive being stopped.

    Checkpoints are written whole or not at all
    (:class:`.AtomicBackend`), a signal to stop saves where the training is
    (:class:`.PreemptionHook`, :class:`.ResumableEpochLoop`), and who resumes
    with another config is told what it changes
    (:class:`.ConfigChangesHook`). The weights stay what they would be.

    Args:
        cfg (Config): Config of one model's training.

    Returns:
        Config: A changed copy. Where checkpoints have a backend or a folder
        of their own, or the loop a type of its own, these stay.
    """
    cfg = copy.deepcopy(cfg)
    hooks = dict(cfg.get('default_hooks') or {})
    saving = hooks.get('checkpoint', dict(type='CheckpointHook'))
    own = ('backend_args', 'file_client_args', 'out_dir')
    if saving and not any(saving.get(key) for key in own):
        hooks['checkpoint'] = dict(
            saving, backend_args=dict(backend='atomic'))
    cfg.default_hooks = hooks
    if cfg.train_cfg.get('by_epoch') and 'type' not in cfg.train_cfg:
        cfg.train_cfg.pop('by_epoch')
        cfg.train_cfg.type = 'mmpretrain.ResumableEpochLoop'
    cfg.custom_hooks = [
        *(cfg.get('custom_hooks') or []),
        dict(type='mmpretrain.PreemptionHook'),
        dict(type='mmpretrain.ConfigChangesHook'),
    ]
    return cfg
