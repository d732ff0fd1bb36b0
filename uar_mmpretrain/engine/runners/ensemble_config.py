"""The config with which mmengine's Runner evaluates an ensemble."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmpretrain.registry import METRICS

from ...evaluation.metrics import MemberScoresMetric

_TRAINING_ONLY = ('optim_wrapper', 'param_scheduler', 'auto_scale_lr')


def member_models(cfg: Config, num_members: int) -> list[dict]:
    """Return the model config of every member.

    Args:
        cfg (Config): The ensemble's config. Its ``model`` describes every
            member, unless ``ensemble.configs`` names a file for each.
        num_members (int): M.

    Returns:
        list[dict]: M plain dicts.

    Raises:
        ValueError: If ``ensemble.configs`` has another length, or one of
            them another data preprocessor.
    """
    files = cfg.ensemble.get('configs')
    if not files:
        # Under test-time augmentation the member is inside a wrapper.
        model = cfg.model.module if 'module' in cfg.model else cfg.model
        return [model.to_dict() for _ in range(num_members)]
    if len(files) != num_members:
        raise ValueError(f'ensemble.configs names {len(files)} files for '
                         f'{num_members} members.')
    expected = cfg.get('data_preprocessor')
    models = []
    for file in files:
        member = Config.fromfile(file)
        found = member.get('data_preprocessor')
        if found != expected:
            raise ValueError(
                f'{file}: data_preprocessor {found}; expected {expected}. '
                'The members of an ensemble share one preprocessor.')
        models.append(member.model.to_dict())
    return models


def ensemble_config(cfg: Config, num_members: int, path: Path,
                    split: str) -> Config:
    """Derive the config that evaluates the ensemble on one split.

    Args:
        cfg (Config): The ensemble's config.
        num_members (int): M.
        path (Path): Ensemble checkpoint.
        split (str): 'val' or 'test'.

    Returns:
        Config: An ordinary config, with an ``EnsembleClassifier`` as model.

    Raises:
        ValueError: As :func:`member_models` raises.
    """
    model = _ensemble_model(cfg, num_members)
    cfg = copy.deepcopy(cfg)
    unused = [f'{other}_{part}' for other in ('train', 'val', 'test')
              for part in ('dataloader', 'cfg', 'evaluator')
              if other != split]
    for key in ('runner_type', 'ensemble', *_TRAINING_ONLY, *unused):
        cfg.pop(key, None)
    cfg.model = model
    _decompose_alike(cfg.get(f'{split}_evaluator') or [], model)
    cfg.load_from, cfg.resume = str(path), False
    cfg.experiment_name = f'ensemble_{split}'
    return cfg


def _decompose_alike(evaluator: Any, model: dict) -> None:
    """Let metrics that name no kind of decomposition take the model's."""
    kind = model.get('module', model)['kind']
    metrics = evaluator if isinstance(evaluator, list) else [evaluator]
    for metric in metrics:
        found = METRICS.get(metric.type) if isinstance(
            metric.type, str) else metric.type
        if issubclass(found or object, MemberScoresMetric):
            metric.setdefault('kind', kind)


def _ensemble_model(cfg: Config, num_members: int) -> dict:
    members = member_models(cfg, num_members)
    # Weights come from the checkpoint: no member fetches its own.
    for member in members:
        (member.get('backbone') or {}).pop('init_cfg', None)
    model = dict(
        type='mmpretrain.EnsembleClassifier',
        members=members,
        kind=cfg.ensemble.get('kind', 'entropy'),
        batched=cfg.ensemble.get('batched', 'auto'),
        compile=cfg.ensemble.get('compile', False),
        channels=cfg.ensemble.get('channels') or [],
        on_nonfinite=cfg.ensemble.get('on_nonfinite', 'error'),
        data_preprocessor=cfg.get('data_preprocessor'))
    if 'module' in cfg.model:
        return dict(type='mmpretrain.MemberScoreTTA', module=model)
    return model
