"""The public function: checks, keys, torch or NumPy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from ..api import (
    CLEAN,
    MIN_SIDE,
    check_variant,
    constants_for,
    corrupt_with,
    finish,
)
from ..options import Options, is_integer
from ..seeding import Key
from .precision import full_float32
from .registry import Apply, find


def corrupt_batch(images: torch.Tensor,
                  name: str,
                  severity: int,
                  image_ids: Sequence[str],
                  *,
                  repeat: int = 0,
                  device: torch.device | str | None = None,
                  **options: Any) -> torch.Tensor:
    """Corrupt a batch of images of one size.

    Item i is what :func:`..api.corrupt` makes of image i and ``image_ids[i]``,
    up to one level on a small share of the values (see the package's
    docstring), wherever it stands in the batch.

    A corruption that is not in :func:`.registry.batched_names`
    (jpeg_compression and spatter, whose codec, edges and distances have no
    equal in torch) runs in NumPy, image by image, as do the last steps
    ``gray`` and ``resave_quality``.

    Args:
        images (torch.Tensor): (B, 3, H, W) uint8 with B at least 1, H and W
            at least 8, channels in ``channel_order``. Never modified.
        name (str): A name of :func:`..registry.names`, or ``'clean'`` for a
            copy.
        severity (int): 1 to 5; 0 for ``'clean'``.
        image_ids (Sequence[str]): B ids, see :func:`..api.corrupt`.
        repeat (int): Another number, such as the epoch, gives another draw;
            0 for evaluation.
        device (torch.device or str, optional): Where it runs and where the
            result lies. Default: where the images lie.
        **options: Fields of :class:`..options.Options`.

    Returns:
        torch.Tensor: New (B, 3, H, W) uint8 tensor on the device.

    Raises:
        TypeError: If ``images`` is not a uint8 tensor, something else has the
            wrong type, or there is no such option.
        ValueError: If the shape, number of ids, name, severity or an option
            is not one of those above.

    Example:
        >>> faces = torch.zeros((2, 3, 48, 48), dtype=torch.uint8)
        >>> bright = corrupt_batch(faces, 'brightness', 2, ['a', 'b'])
        >>> bright[1, :, 0, 0].tolist()
        [51, 51, 51]
    """
    settings = Options(**options)
    check_variant(name, severity)
    if not is_integer(repeat):
        raise TypeError(f'repeat must be an integer, found {repeat!r}')
    _check_images(images)
    _check_ids(image_ids, len(images))
    images = images.to(images.device if device is None else device)
    if name == CLEAN:
        return images.clone()
    apply = find(name)
    if apply is None:
        return _map_arrays(
            images, lambda array, i: corrupt_with(
                array, name, severity, image_ids[i], repeat, settings))
    keys = [
        Key(int(settings.seed), image_id, name, int(severity), int(repeat))
        for image_id in image_ids
    ]
    return _run(apply, images, keys, settings)


def _run(apply: Apply, images: torch.Tensor, keys: list[Key],
         options: Options) -> torch.Tensor:
    rgb = options.channel_order == 'rgb'
    if rgb:
        images = images.flip(1)
    height, width = images.shape[2:]
    values = constants_for(keys[0], (height, width, 3), options)
    with full_float32(images.device):
        images = apply(images, values, keys)
    if options.gray or options.resave_quality is not None:
        images = _map_arrays(images, lambda array, _: finish(array, options))
    # What was drawn as an HWC image may still lie as one.
    return (images.flip(1) if rgb else images).contiguous()


def _map_arrays(
        images: torch.Tensor,
        function: Callable[[np.ndarray, int], np.ndarray]) -> torch.Tensor:
    """Apply a function of (HWC array, number in the batch) to each image."""
    arrays = images.permute(0, 2, 3, 1).contiguous().cpu().numpy()
    results = np.stack([function(a, i) for i, a in enumerate(arrays)])
    tensors = torch.from_numpy(results).permute(0, 3, 1, 2)
    return tensors.contiguous().to(images.device)


def _check_images(images: Any) -> None:
    if not isinstance(images, torch.Tensor) or images.dtype != torch.uint8:
        found = (f'{images.dtype} tensor' if isinstance(images, torch.Tensor)
                 else type(images).__name__)
        raise TypeError('images must be a uint8 tensor with values 0 to 255, '
                        f'found {found}; corrupt before normalising')
    if images.ndim != 4 or images.shape[1] != 3 or not len(images):
        raise ValueError('images must have shape (B, 3, H, W) with B at '
                         f'least 1, found {tuple(images.shape)}')
    if min(images.shape[2:]) < MIN_SIDE:
        raise ValueError(f'images must be at least {MIN_SIDE} pixels each '
                         f'way, found shape {tuple(images.shape)}')


def _check_ids(image_ids: Any, number: int) -> None:
    if isinstance(image_ids, str) or not isinstance(image_ids, Sequence):
        raise TypeError('image_ids must be a sequence of strings, found '
                        f'{type(image_ids).__name__}')
    for image_id in image_ids:
        if not isinstance(image_id, str):
            raise TypeError('image_ids must be strings such as paths '
                            f'relative to the data root, found {image_id!r}')
    if len(image_ids) != number:
        raise ValueError('image_ids must have one id per image, found '
                         f'{len(image_ids)} ids for {number} images')
