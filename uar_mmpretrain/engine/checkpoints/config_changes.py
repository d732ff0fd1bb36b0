"""What another config changes when a training is resumed with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mmengine.config import Config

from ..hook_effects import affects_weights
from .stored_config import parse_config

# Where to write and what to go on from, not what is trained.
_PLACE = ('work_dir', 'load_from', 'resume', 'launcher', 'experiment_name')
# In the checkpoint, from where mmengine takes them.
_STORED = ('param_scheduler', 'optim_wrapper.optimizer', 'randomness.seed')
_WEIGHTS = ('model', 'data_preprocessor', 'train_dataloader', 'train_cfg',
            'optim_wrapper', 'auto_scale_lr', 'custom_hooks', 'randomness')
_WEIGHTS_NOT = ('train_dataloader.num_workers',
                'train_dataloader.pin_memory',
                'train_dataloader.persistent_workers',
                'train_dataloader.prefetch_factor', 'train_cfg.val_interval',
                'train_cfg.val_begin')
_GROUPS = {
    'ignored': 'has no effect, the checkpoint keeps its own',
    'weights': 'takes effect from here on: the weights will be neither those '
               'of the old config nor those of the new one',
    'other': 'takes effect, the weights are not touched',
}


def config_changes(before: Mapping[str, Any], now: Mapping[str, Any]
                   ) -> dict[str, list[str]]:
    """Compare two configs by what a change does to a resumed training.

    Args:
        before (Mapping): Config in the checkpoint, plain values.
        now (Mapping): Config of this run.

    Returns:
        dict[str, list[str]]: Lines like ``train_cfg.max_epochs: 3 -> 5``, by
        'ignored' (learning rate, schedule and seed are in the checkpoint,
        initial weights are replaced), 'weights' (takes effect and changes
        the weights) and 'other' (takes effect and does not).
    """
    old, new = (dict(_flat(_hooks_by_type(cfg))) for cfg in (before, now))
    found: dict[str, list[str]] = {group: [] for group in _GROUPS}
    for key in sorted({*old, *new}):
        values = [repr(values[key]) if key in values else 'nothing'
                  for values in (old, new)]
        if values[0] != values[1] and not _within(key, _PLACE):
            found[_group(key)].append(f'{key}: {" -> ".join(values)}')
    return found


def changes_since(checkpoint: Mapping[str, Any],
                  cfg: Config) -> dict[str, list[str]]:
    """Compare the config stored in a checkpoint with that of this run.

    Args:
        checkpoint (Mapping): With ``meta``; mmengine stores the config there
            as text, which is read without running it.
        cfg (Config): Config of this run.

    Returns:
        dict[str, list[str]]: As :func:`config_changes`; nothing if the
        checkpoint holds no config, or one of more than plain values.
    """
    text = (checkpoint.get('meta') or {}).get('cfg')
    if not text:
        return config_changes({}, {})
    try:
        # Written and read as the other one was.
        before, now = (parse_config(one, 'a config').to_dict()
                       for one in (text, cfg.pretty_text))
    except ValueError:
        return config_changes({}, {})
    return config_changes(before, now)


def describe(changes: Mapping[str, Sequence[str]]) -> str:
    """Say :func:`config_changes` in words; '' if there are none."""
    return '\n'.join(
        '\n    '.join([f'  {_GROUPS[group]}:', *lines])
        for group, lines in changes.items() if lines)


def _group(key: str) -> str:
    names = key.split('.')
    if _within(key, _STORED) or 'init_cfg' in names:
        return 'ignored'
    if names[0] == 'custom_hooks' and not affects_weights(names[1]):
        return 'other'
    if _within(key, _WEIGHTS) and not _within(key, _WEIGHTS_NOT):
        return 'weights'
    return 'other'


def _hooks_by_type(cfg: Mapping[str, Any]) -> dict[str, Any]:
    """Name hooks by their type: one more does not move the others."""
    hooks: dict[str, list] = {}
    for hook in cfg.get('custom_hooks') or []:
        # 'mmpretrain.EpochSeedHook' is found by its own name, too
        name = str(hook['type']).rpartition('.')[2]
        hooks.setdefault(name, []).append(hook)
    return {**cfg, 'custom_hooks': hooks}


def _within(key: str, parents: Sequence[str]) -> bool:
    return any(f'{key}.'.startswith(f'{parent}.') for parent in parents)


def _flat(value: Any, key: str = '') -> Iterator[tuple[str, Any]]:
    """Yield every single value with its dotted name."""
    if isinstance(value, Mapping):
        children = list(value.items())
    elif isinstance(value, (list, tuple)):
        children = list(enumerate(value))
    else:
        children = []
    if key and not children:
        yield key, value
    for name, child in children:
        yield from _flat(child, f'{key}.{name}' if key else str(name))
