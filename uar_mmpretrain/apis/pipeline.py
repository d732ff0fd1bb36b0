"""From one picture of any size to the input of the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from mmengine.config import Config
from mmengine.dataset import Compose
from mmengine.registry import DefaultScope
from mmpretrain.registry import TRANSFORMS

# They make the picture, which is given here, or its test variants.
_SOURCES = ('LoadFaceImage', 'LoadImageFromFile', 'RenderFace', 'Corrupt',
            'LoadActionUnits')


def build_pipeline(config: Config,
                   input_size: int | None = None
                   ) -> Callable[[np.ndarray], dict[str, Any]]:
    """Build what prepares one picture for the network.

    ``infer_pipeline`` of the config, or else the pipeline of its test (or
    validation) set without what loads or corrupts images.

    Args:
        config (Config): Config of the training.
        input_size (int | None): Resize to this square first, for a config
            whose data set has only images of one size.

    Returns:
        Callable: ``(H, W, 3)`` uint8 BGR -> ``inputs`` and ``data_samples``.

    Raises:
        ValueError: If the config has no pipeline, or one that would leave
            pictures at their own sizes.
    """
    given = config.get('infer_pipeline') or evaluation_transforms(config)
    transforms = [dict(one) for one in given
                  if transform_name(one) not in _SOURCES]
    if input_size is not None:
        transforms.insert(0, dict(
            type='Resize', scale=(input_size, input_size),
            interpolation='area'))
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        run = Compose([TRANSFORMS.build(one) for one in transforms])

    def prepare(image: np.ndarray) -> dict[str, Any]:
        size = image.shape[:2]
        return run(dict(img=image, img_shape=size, ori_shape=size))

    _check_size(prepare)
    return prepare


def evaluation_transforms(config: Config) -> list[dict[str, Any]]:
    """Return the pipeline of the test (or validation) set.

    Args:
        config (Config): Config of the training.

    Returns:
        list[dict]: Configs of transforms.

    Raises:
        ValueError: If there is no such set, or it has no pipeline.
    """
    loader: Any = config.get('test_dataloader') or config.get('val_dataloader')
    dataset: Any = loader.dataset if loader else {}
    while 'pipeline' not in dataset and 'dataset' in dataset:
        dataset = dataset.dataset
    if 'pipeline' not in dataset:
        raise ValueError('the config has neither an infer_pipeline nor a '
                         'test_dataloader whose data set has a pipeline. '
                         'Give the config of the training.')
    return [dict(one) for one in dataset.pipeline]


def transform_name(transform: Mapping[str, Any]) -> str:
    """Return the type of a transform without its scope."""
    return str(transform['type']).split('.')[-1]


def _check_size(prepare: Callable[[np.ndarray], dict[str, Any]]) -> None:
    """Pictures of different sizes must come out at one size."""
    shapes = {tuple(prepare(np.full((*size, 3), 128, np.uint8))['inputs'].
                    shape) for size in ((64, 80), (100, 70))}
    if len(shapes) > 1:
        raise ValueError(
            'the pipeline of the config leaves pictures at their own size, '
            'because those of its data set all have the same. Say that size '
            'as input_size (--input-size), or add an infer_pipeline with a '
            'Resize to the config.')
