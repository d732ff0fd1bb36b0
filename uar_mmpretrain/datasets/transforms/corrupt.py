"""The corruptions as a pipeline transform."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from mmpretrain.registry import TRANSFORMS

from uar_mmpretrain.corruptions import (
    CLEAN,
    Options,
    check_variant,
    corrupt_with,
)
from uar_mmpretrain.corruptions.options import is_integer


@TRANSFORMS.register_module()
class Corrupt(BaseTransform):
    """Corrupt the image of a pipeline, the same way on every worker.

    A thin adapter over :func:`uar_mmpretrain.corruptions.corrupt`. Which
    corruption is applied comes from the results if they carry ``corruption``
    and ``severity`` (:class:`CorruptionSuite` sets them), else from the
    arguments. Before ``Resize`` it works on the stored pixels, after it on
    the network's input as ImageNet-C does; the image must still be uint8.

    Random corruptions are keyed by ``image_id``, else by ``img_path``
    as it stands (so they change when the data move), else by ``sample_idx``.

    Required keys: ``img`` (uint8, (H, W, 3) or (H, W)); one of ``image_id``,
    ``img_path``, ``sample_idx``; optionally ``corruption`` and ``severity``.

    Modified keys: ``img`` (uint8, (H, W, 3); the pixels are unchanged when
    clean), ``corruption`` (str), ``severity`` (int).

    Args:
        name (str, optional): Name of the corruption, or ``'clean'``, where
            the results carry none. Defaults to None: the results must.
        severity (int, optional): 1 to 5; not needed for ``'clean'``.
        at_size (int, optional): Enlarge the shorter side to this many pixels
            (bilinear), corrupt, and reduce to the old size (area). Constants
            for 224 pixels then do to a small image what they do to a
            large one. Clean images are not resized: they stay exactly as
            they are. Defaults to None: corrupt at the image's own size.
        **options: Fields of :class:`uar_mmpretrain.corruptions.Options`:
            ``seed``, ``params`` ('imagenet', 'imagenet299', 'tiny',
            'cifar', 'auto'), ``channel_order`` ('bgr' as
            ``LoadImageFromFile`` loads, or 'rgb'), ``elastic``,
            ``frost_scale``, ``frost_dir``, ``gray``, ``resave_quality``.

    Raises:
        TypeError: If an argument has the wrong type.
        ValueError: If an argument is not one of those above.
    """

    def __init__(self,
                 name: str | None = None,
                 severity: int | None = None,
                 at_size: int | None = None,
                 **options: Any) -> None:
        self.options = Options(**options)
        if at_size is not None and (not is_integer(at_size) or at_size < 1):
            raise ValueError('Corrupt: at_size must be a number of pixels or '
                             f'None, found {at_size!r}')
        self.at_size = at_size
        if name is None and severity is not None:
            raise ValueError(
                f'Corrupt: severity={severity} was given without a name')
        if name == CLEAN and severity is None:
            severity = 0
        if name is not None:
            check_variant(name, severity)
        self.name = name
        self.severity = severity

    def transform(self, results: dict) -> dict:
        """Corrupt ``results['img']``.

        Args:
            results (dict): The results of the pipeline so far.

        Returns:
            dict: The same dict; its image is a new array.

        Raises:
            KeyError: If a required key is missing.
            TypeError: If the image is not uint8.
            ValueError: If the corruption, severity or image shape is not one
                that exists.
        """
        name, severity = self._variant(results)
        if 'img' not in results:
            raise KeyError("Corrupt: the results carry no 'img'; place it "
                           'after LoadImageFromFile')
        # Also when clean: its copy is checked and has three channels, like
        # the other variants it will be batched with.
        image, size = results['img'], None
        if self.at_size is not None and name != CLEAN:
            size = image.shape[:2]
            image = _enlarge(image, self.at_size)
        image = corrupt_with(image, name, severity, image_id(results), 0,
                             self.options)
        results['img'] = image if size is None else cv2.resize(
            image, size[::-1], interpolation=cv2.INTER_AREA)
        results['corruption'] = name
        results['severity'] = severity
        return results

    def _variant(self, results: dict) -> tuple[str, int]:
        given = [key in results for key in ('corruption', 'severity')]
        if not any(given) and self.name is not None:
            return self.name, int(self.severity or 0)
        if not all(given):
            raise KeyError(
                "Corrupt: needs 'corruption' and 'severity' in the results, "
                'or its own name and severity; set those, or wrap the data '
                'set in CorruptionSuite')
        check_variant(results['corruption'], results['severity'])
        return results['corruption'], int(results['severity'])

    def __repr__(self) -> str:
        return (f'{type(self).__name__}(name={self.name!r}, '
                f'severity={self.severity}, at_size={self.at_size}, '
                f'options={self.options})')


def _enlarge(image: np.ndarray, side: int) -> np.ndarray:
    height, width = image.shape[:2]
    shorter = min(height, width)
    if shorter > side:
        raise ValueError(
            f'Corrupt: at_size={side} is below the image\'s {height} x '
            f'{width} pixels; corrupt it at its own size, or Resize it '
            'before')
    return cv2.resize(
        image, (round(width * side / shorter), round(height * side / shorter)),
        interpolation=cv2.INTER_LINEAR)


def image_id(results: dict) -> str:
    """Find what tells an image from others, for the seed of its corruption.

    Args:
        results (dict): The results of a pipeline.

    Returns:
        str: ``image_id``, else the POSIX ``img_path``, else ``sample_idx``.

    Raises:
        KeyError: If there is none of the three.
    """
    if results.get('image_id'):
        return str(results['image_id'])
    if results.get('img_path'):
        return PurePath(results['img_path']).as_posix()
    if 'sample_idx' in results:
        return str(results['sample_idx'])
    raise KeyError("Corrupt: the results carry none of 'image_id', "
                   "'img_path' and 'sample_idx', one of which must tell the "
                   'image from others')
