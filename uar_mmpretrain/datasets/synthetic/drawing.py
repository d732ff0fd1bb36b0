"""Draw a face with OpenCV."""

from __future__ import annotations

import math

import cv2
import numpy as np

from .face_model import face_geometry
from .palette import hsv
from .parameters import FaceParameters
from .shapes import Shape, face_shapes

#: Raise it whenever the same parameters give other pixels: caches go by it.
DRAWING_VERSION = 1

#: Smallest image side that still shows an expression.
MIN_IMAGE_SIZE = 24

# Drawn at least this large and twice the asked size, then averaged down, so
# that a face looks the same at every size.
_CANVAS = 240

# Fractional bits of OpenCV's drawing coordinates.
_SHIFT = 4

# Pixels by which OpenCV grows a polygon on every side (measured on discs).
_BORDER = .6

# Depth of the head relative to its half width, for turning it.
_DEPTH = .75


def draw_face(face: FaceParameters, image_size: int) -> np.ndarray:
    """Draw a face.

    Args:
        face (FaceParameters): The face.
        image_size (int): Side S of the square image in pixels.

    Returns:
        np.ndarray: BGR uint8 (S, S, 3).

    Raises:
        ValueError: If the image would be smaller than
            :data:`MIN_IMAGE_SIZE`.
    """
    check_image_size(image_size)
    geometry = face_geometry(face)
    side = image_size * max(2, math.ceil(_CANVAS / image_size))
    canvas = _background(face, side)
    _fill(canvas, face_shapes(face, geometry), face)
    image = cv2.resize(
        canvas, (image_size, image_size), interpolation=cv2.INTER_AREA)
    return _light(image, face)


def check_image_size(image_size: int) -> None:
    """Refuse image sizes that faces cannot be drawn at.

    Args:
        image_size (int): Side of the square image in pixels.

    Raises:
        ValueError: If it is smaller than :data:`MIN_IMAGE_SIZE`.
    """
    if image_size < MIN_IMAGE_SIZE:
        raise ValueError(
            f'image_size is {image_size}, but an expression cannot be seen '
            f'below {MIN_IMAGE_SIZE} pixels; ask for {MIN_IMAGE_SIZE} or '
            'more.')


def project(points: np.ndarray, face: FaceParameters) -> np.ndarray:
    """Place points of a face in the picture: turn, tilt, scale and shift.

    Turning treats the face as the front half of an ellipsoid, so points near
    the nose move most and those on the outline hardly at all.

    Args:
        points (np.ndarray): Points of the frontal face, (N, 2).
        face (FaceParameters): Supplies the pose.

    Returns:
        np.ndarray: Points in the picture, which spans [-1, 1], (N, 2).
    """
    x, y = points.T
    radius = (x / face.face_width)**2 + (y / face.chin_y)**2
    depth = _DEPTH * face.face_width * np.sqrt(np.maximum(0, 1 - radius))
    x = x * np.cos(face.yaw) + depth * np.sin(face.yaw)
    cos, sin = (face.scale * np.cos(face.roll),
                face.scale * np.sin(face.roll))
    return np.stack([
        cos * x - sin * y + face.shift_x,
        sin * x + cos * y + face.shift_y,
    ], axis=1)  # yapf: disable


def _fill(canvas: np.ndarray, shapes: list[Shape],
          face: FaceParameters) -> None:
    """Fill polygons on the canvas, later ones over earlier ones."""
    lengths = [len(shape) for shape, _ in shapes]
    points = project(np.concatenate([shape for shape, _ in shapes]), face)
    # Pixel centres are at whole coordinates in OpenCV.
    points = _shrink((points + 1) * (len(canvas) / 2) - .5, lengths)
    pixels = np.rint(points * 2**_SHIFT).astype(np.int32)
    start = 0
    for length, (_, colour) in zip(lengths, shapes):
        cv2.fillPoly(
            canvas, [pixels[start:start + length]],
            colour.tolist(),
            lineType=cv2.LINE_AA,
            shift=_SHIFT)
        start += length


def _shrink(points: np.ndarray, lengths: list[int]) -> np.ndarray:
    """Move the vertices of polygons, one after the other, inwards.

    OpenCV also paints the border of a polygon, which would make thin folds
    thicker on a small canvas than on a large one.
    """
    stops = np.cumsum(lengths)
    starts = stops - lengths
    after, before = np.arange(len(points)) + 1, np.arange(len(points)) - 1
    after[stops - 1], before[starts] = starts, stops - 1
    x, y = points.T
    areas = np.add.reduceat(x * y[after] - x[after] * y, starts)
    along = points[after] - points[before]
    length = np.maximum(np.hypot(*along.T), 1e-9)
    amount = np.repeat(np.sign(areas), lengths) * _BORDER / length
    return points + amount[:, None] * along[:, ::-1] * (-1, 1)


def _grid(side: int) -> tuple[np.ndarray, np.ndarray]:
    """Picture coordinates of the pixel rows (side, 1) and columns."""
    axis = (np.arange(side, dtype=np.float32) + .5) * (2 / side) - 1
    return axis[:, None], axis[None]


def _background(face: FaceParameters, side: int) -> np.ndarray:
    """Upright gradient in one hue."""
    ends = np.stack([
        hsv(face.background_hue, face.background_saturation,
            face.background_value + sign * face.background_slope)
        for sign in (-1, 1)
    ]).astype(np.float32)
    rows = (_grid(side)[0] + 1) / 2
    colours = np.rint((1 - rows) * ends[:1] + rows * ends[1:])
    return np.repeat(colours.astype(np.uint8)[:, None], side, axis=1)


def _light(image: np.ndarray, face: FaceParameters) -> np.ndarray:
    """Brightness that falls off away from the light."""
    y, x = _grid(len(image))
    strength = face.brightness * face.light_strength
    gain = (face.brightness + strength * np.cos(face.light_angle) * x +
            strength * np.sin(face.light_angle) * y).astype(np.float32)
    return cv2.multiply(image, cv2.merge([gain] * 3), dtype=cv2.CV_8U)
