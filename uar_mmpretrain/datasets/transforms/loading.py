"""Loading an image, with an error that says what is wrong with the file."""

from __future__ import annotations

import mmcv
from mmcv.transforms import LoadImageFromFile
from mmengine import fileio
from mmpretrain.registry import TRANSFORMS

from ...files.image_size import check_pixels
from ..image_files import describe_bytes


@TRANSFORMS.register_module()
class LoadFaceImage(LoadImageFromFile):
    """mmcv's ``LoadImageFromFile`` that names the file it cannot read.

    Images come as three 8-bit channels, grayscale repeated.

    Required key: ``img_path``. Added keys: ``img`` (H, W, 3) uint8 BGR,
    ``img_shape``, ``ori_shape``.

    Args:
        **kwargs: As for ``LoadImageFromFile``, without ``ignore_empty``: a
            missing face is an error, not another random face.
    """

    def __init__(self, **kwargs) -> None:
        if kwargs.pop('ignore_empty', False):
            raise ValueError('LoadFaceImage does not skip images. Take broken '
                             'files off the list instead.')
        super().__init__(**kwargs)

    def transform(self, results: dict) -> dict:
        """Load the image of one item.

        Raises:
            FileNotFoundError: If the file is not there.
            ValueError: If it does not decode; says what it is instead (0
                bytes, a Git LFS pointer, an HTML page) and what to do.
        """
        path = results['img_path']
        try:
            data = fileio.get(path, backend_args=self.backend_args)
        except FileNotFoundError as error:
            raise FileNotFoundError(
                f'{path} is not there any more; it was when the data set was '
                'loaded. Is the disk still mounted?') from error
        results['img'] = self._decode(path, data)
        results['img_shape'] = results['img'].shape[:2]
        results['ori_shape'] = results['img'].shape[:2]
        return results

    def _decode(self, path: str, data: bytes):
        image = None
        try:
            check_pixels(data)
        except ValueError as error:
            raise ValueError(f'{path}: {error}') from error
        if data:
            try:
                image = mmcv.imfrombytes(
                    data, flag=self.color_type, backend=self.imdecode_backend)
            # Each backend raises whatever it stumbles over.
            except Exception:
                image = None
        if image is None:
            raise ValueError(f'{path}: {describe_bytes(data)}')
        return image.astype('float32') if self.to_float32 else image
