"""Which members there are, and the config that trains one of them."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path

from mmengine.config import Config

from ..hook_effects import affects_weights

# What decides a member's weights, as far as a config says it. The number of
# data workers does not (see SeededBatches).
_DECISIVE = ('model', 'data_preprocessor', 'optim_wrapper', 'param_scheduler',
             'train_cfg', 'auto_scale_lr')
_DECISIVE_LOADER = ('dataset', 'batch_size', 'sampler', 'batch_sampler',
                    'drop_last')


def member_seeds(cfg: Config, num_members: int) -> list[int]:
    """Return the seed of every member.

    Args:
        cfg (Config): The ensemble's config, or that of a single model.
        num_members (int): M.

    Returns:
        list[int]: ``ensemble.seeds``, or ``randomness.seed`` counted up.

    Raises:
        ValueError: If they are not M different ones.
    """
    first = (cfg.get('randomness') or {}).get('seed') or 0
    seeds = list((cfg.get('ensemble') or {}).get('seeds') or
                 range(first, first + num_members))
    if len(seeds) != num_members or len(set(seeds)) != num_members:
        raise ValueError(
            f'ensemble.seeds is {seeds}; expected {num_members} different '
            'seeds: equal seeds train equal members.')
    return seeds


def selected_members(cfg: Config, num_members: int) -> list[int]:
    """Return the members that this run trains.

    Args:
        cfg (Config): The ensemble's config.
        num_members (int): M.

    Returns:
        list[int]: ``ensemble.members``, or all.

    Raises:
        ValueError: If that is no list of numbers of members.
    """
    selected = cfg.ensemble.get('members')
    if selected is None:
        return list(range(num_members))
    if not isinstance(selected, (list, tuple)) or any(
            member not in range(num_members) for member in selected):
        raise ValueError(
            f'ensemble.members is {selected}; expected a list such as "[0]". '
            f'The members are numbered 0 to {num_members - 1}.')
    return list(selected)


def member_dir(work_dir: str | Path, member: int) -> Path:
    """Return the folder of one member's results."""
    return Path(work_dir) / f'member_{member}'


def member_config(cfg: Config, member: int, seed: int) -> Config:
    """Derive the config with which mmengine's Runner trains one member.

    Args:
        cfg (Config): The ensemble's config.
        member (int): Number of the member, from 0.
        seed (int): Seed of its initial weights, data order, augmentation.

    Returns:
        Config: The same config with the member's own seed and folder, and
        with randomness that a resumed training repeats exactly.
    """
    cfg = copy.deepcopy(cfg)
    cfg.pop('runner_type', None)
    cfg.pop('ensemble', None)
    cfg.work_dir = str(member_dir(cfg.work_dir, member))
    cfg.experiment_name = f'member_{member}'
    cfg.randomness = dict(cfg.get('randomness') or {}, seed=seed)
    cfg.train_dataloader.persistent_workers = False
    cfg.train_dataloader.worker_init_fn = dict(type='epoch_worker_init_fn')
    cfg.custom_hooks = [
        *(cfg.get('custom_hooks') or []),
        dict(type='mmpretrain.EpochSeedHook'),
        dict(type='mmpretrain.CheckFiniteHook'),
        # The router will be calibrated on the validation images.
        dict(type='mmpretrain.HeldOutCheckHook'),
    ]
    return cfg


def fingerprint(cfg: Config) -> str:
    """Hash what decides a member's weights.

    Args:
        cfg (Config): A config from :func:`member_config`.

    Returns:
        str: 16 hexadecimal digits; equal for configs that train the same
        weights.
    """
    decisive = {key: cfg.get(key) for key in _DECISIVE}
    decisive['loader'] = {
        key: cfg.train_dataloader.get(key)
        for key in _DECISIVE_LOADER
    }
    decisive['seed'] = cfg.randomness.seed
    decisive['hooks'] = [
        hook for hook in cfg.custom_hooks if affects_weights(hook['type'])
    ]
    text = json.dumps(decisive, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
