"""Finding, cutting out and aligning faces with OpenCV's YuNet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from .inputs import Item

# Larger pictures are reduced for the search: faces stay large enough.
_SEARCH_SIDE = 1024
_SMALLEST = 16


class FaceDetector:
    """Turn pictures into the faces in them.

    OpenCV's own detector (Wu et al., "YuNet: a tiny millisecond-level face
    detector", 2023) needs no package beyond OpenCV and finds the eyes, by
    which a face is turned upright. Its model file, a few hundred kilobytes,
    comes from OpenCV's model zoo; nothing is downloaded here.

    A picture without a face becomes an error that says so; one with several
    gives an item per face, from left to right, with its box.

    Args:
        model (str | Path): ``face_detection_yunet_*.onnx``.
        confidence (float): Smallest confidence of a face, 0 to 1.
        margin (float): Share of the box's larger side added on all sides.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If OpenCV cannot read it.
    """

    def __init__(self, model: str | Path, confidence: float = 0.7,
                 margin: float = 0.1) -> None:
        if not Path(model).is_file():
            raise FileNotFoundError(
                f'no face model at {model}. Fetch '
                'face_detection_yunet_2023mar.onnx from OpenCV\'s model zoo.')
        try:
            self._detector = cv2.FaceDetectorYN.create(
                str(model), '', (320, 320), confidence)
        except cv2.error as error:
            raise ValueError(f'{model} is not a YuNet model that OpenCV '
                             f'{cv2.__version__} reads: {error}') from error
        self.margin = margin

    def __call__(self, items: Iterable[Item]) -> Iterator[Item]:
        """Replace each picture by its faces."""
        for item in items:
            if isinstance(item.image, Exception):
                yield item
                continue
            try:
                faces = self._cut(item)
            except cv2.error as error:
                # OpenCV refuses an odd picture: said in its row.
                faces = [item._replace(image=error)]
            yield from faces or [item._replace(image=ValueError(
                'no face found. Crop the face yourself, or turn face '
                'detection off.'))]

    def _cut(self, item: Item) -> list[Item]:
        found = []
        for row in self.find(item.image):
            x, y, width, height = (round(v) for v in row[:4].tolist())
            found.append(Item(item.source,
                              cut_face(item.image, row, self.margin),
                              (x, y, width, height)))
        return found

    def find(self, image: np.ndarray) -> np.ndarray:
        """Find faces.

        Args:
            image (np.ndarray): ``(H, W, 3)`` uint8 BGR.

        Returns:
            np.ndarray: ``(K, 15)`` in pixels, from left to right: box (left,
            top, width, height), right eye, left eye, nose, right and left
            corner of the mouth (x, y each), and the confidence.
        """
        height, width = image.shape[:2]
        scale = min(1., _SEARCH_SIDE / max(height, width))
        size = round(width * scale), round(height * scale)
        if min(size) < _SMALLEST:
            return np.empty((0, 15), np.float32)
        if scale < 1:
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        self._detector.setInputSize(size)
        faces = self._detector.detect(image)[1]
        if faces is None:
            return np.empty((0, 15), np.float32)
        faces = faces[faces[:, 0].argsort(kind='stable')]
        faces[:, :14] = faces[:, :14] / scale
        return faces


def cut_face(image: np.ndarray, face: np.ndarray,
             margin: float = 0.1) -> np.ndarray:
    """Cut out one face as a square, with its eyes on a horizontal line.

    Args:
        image (np.ndarray): ``(H, W, 3)`` uint8 BGR.
        face (np.ndarray): ``(15,)``, see :meth:`FaceDetector.find`.
        margin (float): Share of the box's larger side added on all sides.

    Returns:
        np.ndarray: ``(S, S, 3)`` uint8 BGR; beyond the picture its border is
        repeated.
    """
    left, top, width, height = face[:4].astype(float)
    side = max(1, round(max(width, height) * (1 + 2 * margin)))
    across, down = face[6:8].astype(float) - face[4:6].astype(float)
    angle = float(np.degrees(np.arctan2(down, across)))
    # Pixel centres are whole numbers: half a pixel off the box's middle.
    middle = (left + width / 2 - 0.5, top + height / 2 - 0.5)
    turn = cv2.getRotationMatrix2D(middle, angle, 1.)
    turn[:, 2] += (side - 1) / 2 - np.array(middle)
    return cv2.warpAffine(image, turn, (side, side), flags=cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_REPLICATE)
