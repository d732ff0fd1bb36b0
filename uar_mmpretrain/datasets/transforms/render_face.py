"""Draw the face that an item describes."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from mmpretrain.registry import TRANSFORMS

from ...files.atomic_write import atomic_write
from ..synthetic import DRAWING_VERSION, FaceParameters, draw_face


@TRANSFORMS.register_module()
class RenderFace(BaseTransform):
    """Draw the face of a :class:`SyntheticFaces` item.

    Stands where ``LoadImageFromFile`` stands in the pipeline of a data set
    with image files.

    Required keys: ``face``, ``image_size``.

    Added keys: ``img`` (HWC uint8 BGR), ``img_shape`` and ``ori_shape``
    (height, width).

    Args:
        cache_dir (str, optional): Folder that keeps drawn faces as PNG and
            gives them back later; the same pixels as drawing anew. A file is
            named by the parameters of its face, so any number of data sets,
            seeds and workers can share the folder. Defaults to None: nothing
            is kept.
    """

    def __init__(self, cache_dir: str | None = None) -> None:
        self.cache_dir = None if cache_dir is None else Path(
            cache_dir).expanduser()

    def transform(self, results: dict) -> dict:
        """Add the drawn image.

        Args:
            results (dict): An item of :class:`SyntheticFaces`.

        Returns:
            dict: The same dict with the image.

        Raises:
            KeyError: If the item describes no face.
        """
        if 'face' not in results or 'image_size' not in results:
            raise KeyError(
                "RenderFace: the item has no 'face' and 'image_size' to "
                'draw; it is meant for SyntheticFaces, use '
                'LoadImageFromFile for a data set with image files.')
        face, size = results['face'], results['image_size']
        if self.cache_dir is None:
            image = draw_face(face, size)
        else:
            image = self._cached(face, size)
        results['img'] = image
        results['img_shape'] = image.shape[:2]
        results['ori_shape'] = image.shape[:2]
        return results

    def _cached(self, face: FaceParameters, size: int) -> np.ndarray:
        name = face.digest()
        folder = self.cache_dir / f'v{DRAWING_VERSION}-{size}px' / name[:2]
        path = folder / f'{name}.png'
        if path.exists():
            image = cv2.imread(str(path), cv2.IMREAD_COLOR)
            # A damaged file is drawn again.
            if image is not None and image.shape == (size, size, 3):
                return image
        image = draw_face(face, size)
        # Other workers never see half a file. A lost one is drawn again.
        with atomic_write(path, sync=False) as beside:
            beside.write_bytes(cv2.imencode('.png', image)[1].tobytes())
        return image

    def __repr__(self) -> str:
        cache_dir = None if self.cache_dir is None else str(self.cache_dir)
        return f'{type(self).__name__}(cache_dir={cache_dir!r})'
