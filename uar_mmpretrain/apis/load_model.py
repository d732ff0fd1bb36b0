"""A checkpoint -> the model in it, with its config, classes and channels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.logging import print_log
from mmengine.registry import DefaultScope
from mmpretrain.registry import MODELS

from ..engine.channel_files import load_channels_beside
from ..engine.checkpoints import (
    check_finite_weights,
    find_config,
    read_checkpoint,
)
from ..engine.router_files import FILE_NAME, load_router
from ..engine.runners.ensemble_config import ensemble_config
from ..routing import Router


@dataclass(frozen=True)
class LoadedModel:
    """A model ready to predict.

    Args:
        model (torch.nn.Module): In evaluation mode, on the CPU.
        config (Config): With the ``model`` that was built.
        classes (tuple[str, ...]): Class order of its training.
        router (Router | None): The one that fits it.
    """

    model: torch.nn.Module
    config: Config
    classes: tuple[str, ...]
    router: Router | None


def load_model(checkpoint: str | Path,
               config: str | Path | Config | None = None,
               router: str | Path | None = None) -> LoadedModel:
    """Build the model of a checkpoint and find its router.

    Args:
        checkpoint (str | Path): An ``ensemble.pth``, or a checkpoint of any
            classifier.
        config (str | Path | Config | None): Config of the training; by
            default see :func:`find_config`.
        router (str | Path | None): Router file; by default ``router.json``
            beside the checkpoint, if there is one.

    Returns:
        LoadedModel: Everything inference needs.

    Raises:
        FileNotFoundError: If a file that is named is not there.
        ValueError: If the checkpoint cannot be read, has a weight that is
            not finite, does not fit the config, names no classes, or the
            router or the channels beside it belong to something else.
    """
    path = Path(checkpoint)
    content = read_checkpoint(path)
    meta, weights = content.get('meta') or {}, content['state_dict']
    if config is None:
        config = find_config(path, meta)
    elif not isinstance(config, Config):
        config = Config.fromfile(config)
    built = _for_prediction(config, meta, path)
    # One decision may not come from fewer members than the router knows.
    built.model.pop('on_nonfinite', None)
    check_finite_weights(weights, str(path))
    model = _build(built.model, path)
    _load_weights(model, weights, path)
    load_channels_beside(model, weights, path)
    classes = tuple((meta.get('dataset_meta') or {}).get('classes') or ())
    if not classes:
        raise ValueError(f'{path} names no classes (meta.dataset_meta). '
                         'Expected a checkpoint that mmengine wrote at the '
                         'end of a training.')
    return LoadedModel(model.eval(), built, classes,
                       _load_router(path, router, model, classes, weights))


def _for_prediction(config: Config, meta: dict, path: Path) -> Config:
    """Return a config whose ``model`` is what the checkpoint holds."""
    if not isinstance(config.get('model'), dict):
        raise ValueError(f'the config of {path} has no model. Give the '
                         'config of the training.')
    members = meta.get('num_members')
    if members is not None and 'ensemble' in config:
        return ensemble_config(config, members, path, 'test')
    if 'module' in config.model:
        raise ValueError('the config is that of a test with --tta. Give the '
                         'config of the training.')
    config = Config(config.to_dict())
    config.model.setdefault('data_preprocessor',
                            config.get('data_preprocessor'))
    return config


def _build(model: Any, path: Path) -> torch.nn.Module:
    try:
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            return MODELS.build(model)
    # A constructor raises anything if its arguments are not as it expects.
    except Exception as error:
        raise ValueError(f'the config of {path} builds no model: {error}. '
                         'Give the config it was trained with.') from error


def _load_weights(model: Any, weights: dict, path: Path) -> None:
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise ValueError(
            f'{path} does not fit the model of the config: {error}. Give the '
            'config it was trained with.') from error


def _load_router(checkpoint: Path, router: str | Path | None, model: Any,
                 classes: tuple[str, ...], weights: dict) -> Router | None:
    """Refuse a router of something else before any image is read."""
    path = checkpoint.with_name(FILE_NAME) if router is None else Path(router)
    if router is None and not path.is_file():
        print_log(f'no {path}: no actions; tools/calibrate_routing.py makes '
                  'one', 'current')
        return None
    return load_router(path, classes, getattr(model, 'kind', None),
                       lambda: weights)
