"""From the parameters of a face to its geometry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .creases import middle_creases, side_creases
from .features import SIDE_SIGNS, brow, eye, mouth, mouth_corner, nose_wing
from .parameters import FaceParameters

#: Height of the widest part of the face and of the top of the skull.
CHEEK_Y, SKULL_Y = -.05, -.88

_ANGLES = np.linspace(0, 2 * np.pi, 56, endpoint=False)
_COS, _SIN = np.cos(_ANGLES), np.sin(_ANGLES)


@dataclass(frozen=True)
class FaceGeometry:
    """Control points of a face that looks straight ahead.

    x to the right, y down, in half image sides; sides are ordered left, right
    in the picture.

    Args:
        outline (np.ndarray): Outline of the face, (56, 2).
        brows (np.ndarray): Centre lines from inner to outer end, (2, 9, 2).
        eyes (tuple[dict[str, np.ndarray], ...]): See :func:`features.eye`.
        wings (np.ndarray): Nostril wings, (2, 2).
        lips (np.ndarray): Edges of the lips, (4, 17, 2), see
            :func:`features.mouth`.
        creases (np.ndarray): Three points of every skin fold, (F, 3, 2).
        crease_widths (np.ndarray): Widths, (F, ).
        crease_depths (np.ndarray): Darkness in [0, 1], (F, ).
    """

    outline: np.ndarray
    brows: np.ndarray
    eyes: tuple[dict[str, np.ndarray], ...]
    wings: np.ndarray
    lips: np.ndarray
    creases: np.ndarray
    crease_widths: np.ndarray
    crease_depths: np.ndarray


def face_geometry(face: FaceParameters) -> FaceGeometry:
    """Move the control points of a face by its action units.

    Args:
        face (FaceParameters): The face.

    Returns:
        FaceGeometry: Its control points before pose.
    """
    sides = face.sides()
    both = {k: (sides[0][k] + sides[1][k]) / 2 for k in sides[0]}
    chin = face.chin_y + .10 * both[26] - .015 * both[17]
    corners = [mouth_corner(face, *side) for side in zip(sides, SIDE_SIGNS)]
    wings = [nose_wing(face, *side) for side in zip(sides, SIDE_SIGNS)]
    lips = mouth(face, both, np.array(corners))
    folds = middle_creases(face, both, lips[3, :, 1].max(), chin)
    for i, sign in enumerate(SIDE_SIGNS):
        folds += side_creases(face, sides[i], sign, wings[i], corners[i])
    points, widths, depths = zip(*folds)
    return FaceGeometry(
        outline=_outline(face, chin),
        brows=np.stack(
            [brow(face, *side) for side in zip(sides, SIDE_SIGNS)]),
        eyes=tuple(eye(face, *side) for side in zip(sides, SIDE_SIGNS)),
        wings=np.array(wings),
        lips=lips,
        creases=np.array(points),
        crease_widths=np.array(widths),
        crease_depths=np.clip(depths, 0, 1))


def _outline(face: FaceParameters, chin: float) -> np.ndarray:
    """Half an ellipse above the cheeks, a tapered superellipse below."""
    below = _SIN > 0
    power = np.where(below, 2 / face.jaw_squareness, 1.)
    x = face.face_width * np.sign(_COS) * np.abs(_COS)**power
    x = x * (1 - face.jaw_taper * np.where(below, np.abs(_SIN)**power, 0))
    height = np.where(below, chin - CHEEK_Y, CHEEK_Y - SKULL_Y)
    y = CHEEK_Y + height * np.sign(_SIN) * np.abs(_SIN)**power
    return np.stack([x, y], axis=1)
