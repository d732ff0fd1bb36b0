"""Which classes a config that came with a checkpoint may build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mmengine.config import Config
from mmpretrain.registry import (
    BATCH_AUGMENTS,
    MODELS,
    TASK_UTILS,
    TRANSFORMS,
    WEIGHT_INITIALIZERS,
)

# Everything that inference builds is registered in one of these.
_REGISTRIES = (MODELS, TRANSFORMS, BATCH_AUGMENTS, TASK_UTILS,
               WEIGHT_INITIALIZERS)
_SCOPES = ('mmengine', 'mmpretrain')
# They fetch weights and code by a name, or load files when they are built.
_FETCHING = ('mmpretrain.models.multimodal', 'mmpretrain.models.selfsup',
             'mmpretrain.models.retrievers', 'mmpretrain.utils',
             'mmpretrain.models.classifiers.hugging_face',
             'mmpretrain.models.classifiers.timm',
             'mmpretrain.models.backbones.timm_backbone',
             'mmpretrain.models.utils.huggingface',
             'mmpretrain.models.utils.tokenizer')
_USED = ('model', 'data_preprocessor', 'infer_pipeline')
_LOADERS = ('test_dataloader', 'val_dataloader')


def check_types(config: Config, name: str) -> None:
    """Refuse a config that would build more than registered classes.

    OpenMMLab takes any importable object as a ``type``: ``os.system`` is
    called as readily as a network. A config that a user gives may name what
    it likes; one that came with a checkpoint is data.

    Args:
        config (Config): From a checkpoint, or a file beside it.
        name (str): What it is, for errors.

    Raises:
        ValueError: If a ``type`` in a part that inference builds is not the
            name of a registered class, or of one that fetches others.
    """
    known = _known_names()
    parts = {key: [config.get(key)] for key in _USED}
    parts.update({key: _pipelines(config.get(key)) for key in _LOADERS})
    for key, part in parts.items():
        for found in _types(part):
            if not isinstance(found, str) or found not in known:
                raise ValueError(
                    f'{name} is not built, because its {key} asks for '
                    f'{str(found)[:80]!r}: no registered class of '
                    'OpenMMLab or this package, or one that fetches others. '
                    'If you trust the file, give the config of the training '
                    'yourself.')


def _known_names() -> set[str]:
    """Every spelling of the classes that may be built."""
    names: set[str] = set()
    for registry in _REGISTRIES:
        while registry is not None:
            registry.import_from_location()
            for name, item in registry.module_dict.items():
                while isinstance(item, partial):
                    item = item.func
                module = getattr(item, '__module__', '')
                if not module.startswith(_FETCHING):
                    own = getattr(item, '__qualname__', name)
                    names.update((name, f'{registry.scope}.{name}',
                                  f'{module}.{own}'))
            registry = registry.parent
    return names


def _pipelines(loader: Any) -> list:
    """All that a data set of any depth does to an image."""
    if not isinstance(loader, Mapping):
        return []
    return [found for key, value in loader.items()
            for found in ([value] if key == 'pipeline' else
                          _pipelines(value))]


def _types(value: Any) -> Iterator[Any]:
    """Yield every ``type`` below a value, and every ``_scope_`` not ours."""
    if isinstance(value, Mapping):
        if 'type' in value:
            yield value['type']
        if value.get('_scope_') not in (None, *_SCOPES):
            yield value['_scope_']
        for item in value.values():
            yield from _types(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _types(item)
