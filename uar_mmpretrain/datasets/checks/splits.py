"""The data sets a config names, and what they say of their images."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
from mmengine.config import Config
from mmpretrain.registry import DATASETS

from ...routing import fingerprint_data
from ..corruption_suite import CorruptionSuite
from ..derived import image_id
from ..soft_label import SoftLabelDataset

SPLITS = ('train', 'val', 'test')


def split_config(cfg: Config, split: str) -> dict:
    """Return the config of a split's data set.

    Args:
        cfg (Config): Config with ``<split>_dataloader``.
        split (str): 'train', 'val' or 'test'.

    Raises:
        KeyError: If the config has no such data loader.
    """
    loader = cfg.get(f'{split}_dataloader')
    if not loader:
        named = [one for one in SPLITS if cfg.get(f'{one}_dataloader')]
        raise KeyError(f'the config has no {split}_dataloader; it has '
                       f'{", ".join(named) or "none"}.')
    return copy.deepcopy(loader.dataset)


def leaf_configs(config: dict) -> Iterator[dict]:
    """Yield the configs of the data sets inside wrappers."""
    inner = config.get('datasets') or (
        [config['dataset']] if 'dataset' in config else [])
    if not inner:
        yield config
    for one in inner:
        yield from leaf_configs(one)


def build_present(config: dict) -> Any:
    """Build a data set of the images that are there.

    Missing images are for the check to count, not to stop at.
    """
    for leaf in leaf_configs(config):
        kind = DATASETS.get(leaf['type'])
        if kind is not None and issubclass(kind, SoftLabelDataset):
            leaf['on_missing'] = 'skip'
    return DATASETS.build(config)


def read_items(dataset: Any) -> dict[str, dict]:
    """Collect the annotation of every image.

    Args:
        dataset (Dataset): A data set of mmpretrain, or wrappers around some.

    Returns:
        dict[str, dict]: Annotation by image id. An image that is drawn for
        training more than once, or in several corruptions, counts once.

    Raises:
        TypeError: If the data set does not tell its annotations.
        KeyError: If an item does not name its image.
    """
    if not hasattr(dataset, 'get_data_info'):
        raise TypeError(f'{type(dataset).__name__} has no get_data_info(); '
                        'expected a data set of mmengine, or a wrapper.')
    # All variants of an image follow each other.
    step = (len(dataset.variants)
            if isinstance(dataset, CorruptionSuite) else 1)
    infos = map(dataset.get_data_info, range(0, len(dataset), step))
    return {image_id(info, 'check_data'): info for info in infos}


def items_fingerprint(items: dict[str, dict]) -> str:
    """Hash the images with their labels and votes.

    The same as :meth:`PredictionTable.data_fingerprint` of a test on them.

    Args:
        items (dict[str, dict]): From :func:`read_items`.
    """
    infos = list(items.values())
    labels = np.array([_one_label(info.get('gt_label')) for info in infos])
    votes = None
    known = [info['gt_votes'] for info in infos if 'gt_votes' in info]
    if known:
        none = np.zeros_like(np.asarray(known[0]))
        votes = np.array([info.get('gt_votes', none) for info in infos])
    return fingerprint_data(np.array(list(items)), labels, votes)


def _one_label(label: Any) -> int:
    """Return a single label; -1 for none or several."""
    return int(label) if np.size(label) == 1 and label is not None else -1
