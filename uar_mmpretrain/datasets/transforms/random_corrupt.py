"""Corruptions as training augmentation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from mmcv.transforms import BaseTransform
from mmcv.transforms.utils import cache_randomness
from mmpretrain.registry import TRANSFORMS

from uar_mmpretrain.corruptions import (
    SEVERITIES,
    Options,
    check_variant,
    corrupt_with,
    names,
)

from .corrupt import image_id


@TRANSFORMS.register_module()
class RandomCorrupt(BaseTransform):
    """Corrupt a share of the training images, differently every time.

    The draws come from the worker's own random state, like those of other
    augmentations, and never coincide with an evaluation's: those are repeat
    0 of their key, these are other repeats. Training on a corruption makes it
    familiar: :class:`CorruptionOverlapHook` warns when the test suite holds
    it too.

    Required keys: ``img`` (uint8); one of ``image_id``, ``img_path``,
    ``sample_idx``. Modified key: ``img``.

    Args:
        corruptions (str or Sequence[str]): ``'all'``, ``'standard'``,
            ``'extra'`` or a list of names, drawn uniformly. Defaults to
            'extra', which a test on the standard fifteen does not hold.
        severities (Sequence[int]): Drawn uniformly. Defaults to 1 to 5.
        prob (float): Share of the images that are corrupted. Defaults to 0.5.
        **options: Fields of :class:`uar_mmpretrain.corruptions.Options`.

    Raises:
        TypeError: If an argument has the wrong type.
        ValueError: If a name, severity or option does not exist, a list is
            empty, or prob is not a share.
    """

    def __init__(self,
                 corruptions: str | Sequence[str] = 'extra',
                 severities: Sequence[int] = SEVERITIES,
                 prob: float = 0.5,
                 **options: Any) -> None:
        self.corruptions = tuple(
            names(corruptions) if isinstance(corruptions, str
                                             ) else corruptions)
        self.severities = tuple(severities)
        for name in self.corruptions:
            for severity in self.severities:
                check_variant(name, severity)
        if not self.corruptions or not self.severities:
            raise ValueError('RandomCorrupt: corruptions and severities must '
                             'not be empty')
        if not 0 <= prob <= 1:
            raise ValueError(
                f'RandomCorrupt: prob must be from 0 to 1, found {prob!r}')
        self.prob = prob
        self.options = Options(**options)

    @cache_randomness
    def _draw(self) -> tuple[str, int, int] | None:
        """Name, severity and repeat, or None for a clean image."""
        if np.random.random() >= self.prob:
            return None
        name = self.corruptions[np.random.randint(len(self.corruptions))]
        severity = self.severities[np.random.randint(len(self.severities))]
        return name, severity, np.random.randint(1, 2**31)

    def transform(self, results: dict) -> dict:
        """Corrupt ``results['img']``, or leave it.

        Args:
            results (dict): The results of the pipeline so far.

        Returns:
            dict: The same dict.

        Raises:
            KeyError: If nothing tells the image from others.
            TypeError: If the image is not uint8.
            ValueError: If the image's shape is not one that can be corrupted.
        """
        drawn = self._draw()
        if drawn is not None:
            name, severity, repeat = drawn
            results['img'] = corrupt_with(results['img'], name, severity,
                                          image_id(results), repeat,
                                          self.options)
        return results

    def __repr__(self) -> str:
        return (f'{type(self).__name__}(corruptions={self.corruptions}, '
                f'severities={self.severities}, prob={self.prob}, '
                f'options={self.options})')
