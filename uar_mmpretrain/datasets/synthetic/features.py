"""Shapes of brows, eyes, nose and mouth under the action units.

All points are in the frame of a face that looks straight ahead: x to the
right, y down, in half image sides. How far an action unit moves a point is
our choice, made to look right; the direction is that of the FACS manual.
"""

from __future__ import annotations

import numpy as np

from .parameters import FaceParameters

#: Height of the line through the eye corners.
EYE_Y = -.13

#: Signs of x on the left and on the right half of the picture.
SIDE_SIGNS = (-1, 1)

_ACROSS = np.linspace(-1, 1, 17)
_ROUND = 1 - _ACROSS**2
_UPPER_LID = _ROUND**.75
_UPPER_LIP = _ROUND**.6 * (1 - .30 * np.exp(-(_ACROSS / .16)**2))
_LOWER_LIP = _ROUND**.7
_GAP = _ROUND**.55
_CORNER_PULL = np.abs(_ACROSS)**1.6

_ALONG = np.linspace(0, 1, 9)
_ARCH_AT = .6
# Lagrange basis through the inner end, the arch and the outer end.
_BROW_BASIS = np.stack([
    (_ALONG - _ARCH_AT) * (_ALONG - 1) / _ARCH_AT,
    _ALONG * (_ALONG - 1) / (_ARCH_AT * (_ARCH_AT - 1)),
    _ALONG * (_ALONG - _ARCH_AT) / (1 - _ARCH_AT),
], axis=1)  # yapf: disable

_CIRCLE = np.linspace(0, 2 * np.pi, 20, endpoint=False)
_CIRCLE = np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE)], axis=1)


def brow(face: FaceParameters, au: dict[int, float],
         sign: int) -> np.ndarray:
    """Centre line of a brow, from its inner to its outer end.

    Args:
        face (FaceParameters): The face.
        au (dict[int, float]): Intensities on this half of the face.
        sign (int): -1 for the left half of the picture, 1 for the right.

    Returns:
        np.ndarray: Points, (9, 2).
    """
    # With AU1 the corrugator (AU4) draws the inner ends together, not down.
    lower = max(au[4], .4 * au[9]) * (1 - .9 * au[1])
    base = EYE_Y - face.brow_gap
    inner = base + .012 - .115 * au[1] + .105 * lower
    arch = (base - face.brow_arch - .030 * au[1] - .095 * au[2] +
            .060 * lower + .025 * au[4] * au[1])
    outer = base + .030 - .075 * au[2] + .010 * lower
    inner_x = face.eye_spacing - .95 * face.eye_width - .050 * au[4]
    outer_x = face.eye_spacing + 1.25 * face.eye_width
    x = inner_x + (outer_x - inner_x) * _ALONG
    return np.stack([sign * x, _BROW_BASIS @ (inner, arch, outer)], axis=1)


def eye(face: FaceParameters, au: dict[int, float],
        sign: int) -> dict[str, np.ndarray]:
    """Lids, iris and pupil of one eye.

    Args:
        face (FaceParameters): The face.
        au (dict[int, float]): Intensities on this half of the face.
        sign (int): -1 for the left half of the picture, 1 for the right.

    Returns:
        dict[str, np.ndarray]: ``upper`` and ``lower`` lid edge, (17, 2) each
        and from left to right; ``iris`` and ``pupil``, polygons cut off by
        the lids.
    """
    squeeze = .40 * au[6] + .55 * au[7] + .25 * au[9]
    top = face.eye_opening * max(
        .25, 1 + .80 * au[5] - .50 * squeeze - .12 * au[4])
    bottom = .65 * face.eye_opening * max(.15, 1 + .20 * au[5] - squeeze)
    centre = np.array([sign * face.eye_spacing, EYE_Y])
    slope = -sign * face.eye_tilt * face.eye_width * _ACROSS
    x = face.eye_width * _ACROSS
    upper = centre + np.stack([x, slope - top * _UPPER_LID], axis=1)
    lower = centre + np.stack([x, slope + bottom * _ROUND], axis=1)
    middle = centre + (face.gaze, -.006)
    shapes = {'upper': upper, 'lower': lower}
    for name, radius in (('iris', .064), ('pupil', .030)):
        disc = middle + radius * _CIRCLE
        disc[:, 1] = np.clip(disc[:, 1],
                             np.interp(disc[:, 0], *upper.T),
                             np.interp(disc[:, 0], *lower.T))
        shapes[name] = disc
    return shapes


def nose_wing(face: FaceParameters, au: dict[int, float],
              sign: int) -> np.ndarray:
    """Outermost point of a nostril wing.

    Args:
        face (FaceParameters): The face.
        au (dict[int, float]): Intensities on this half of the face.
        sign (int): -1 for the left half of the picture, 1 for the right.

    Returns:
        np.ndarray: Point, (2, ).
    """
    x = face.nose_width * (1 + .22 * au[9])
    y = face.nose_y - .045 * au[9] - .012 * au[10]
    return np.array([sign * x, y])


def mouth_corner(face: FaceParameters, au: dict[int, float],
                 sign: int) -> np.ndarray:
    """Corner of the mouth.

    Args:
        face (FaceParameters): The face.
        au (dict[int, float]): Intensities on this half of the face.
        sign (int): -1 for the left half of the picture, 1 for the right.

    Returns:
        np.ndarray: Point, (2, ).
    """
    x = face.mouth_width * (1 - .10 * au[23] - .12 * au[24] - .24 * au[26])
    x += .065 * au[12] + .085 * au[20] + .015 * au[14]
    y = face.mouth_y + face.mouth_curve + .060 * au[26]
    y += -.125 * au[12] + .105 * au[15] + .050 * au[20] - .010 * au[14]
    return np.array([sign * x, y])


def mouth(face: FaceParameters, au: dict[int, float],
          corners: np.ndarray) -> np.ndarray:
    """Edges of the two lips, from the left to the right corner.

    Args:
        face (FaceParameters): The face.
        au (dict[int, float]): Intensities averaged over both halves.
        corners (np.ndarray): Left and right corner, (2, 2).

    Returns:
        np.ndarray: Points (4, 17, 2): top of the upper lip, bottom of the
        upper lip, top of the lower lip, bottom of the lower lip.
    """
    thin = (1 - .30 * au[23]) * (1 - .62 * au[24])
    upper = face.upper_lip * thin * (1 - .22 * au[12] - .20 * au[20])
    lower = face.lower_lip * thin * (1 - .22 * au[12] - .20 * au[20] +
                                     .12 * au[17])
    gap = ((.070 * au[25] * (1 + .5 * au[20]) + .200 * au[26] +
            .025 * au[10]) * (1 - .85 * au[24]))
    centre = (face.mouth_y + .015 * au[12] - .045 * au[17] -
              .040 * au[10] + .035 * au[26])
    side = np.where(_ACROSS < 0, *corners[:, 1])
    line = centre + (side - centre) * _CORNER_PULL
    # A smile opens downwards, a gasp both ways.
    above = .25 + .20 * max(au[20], au[26])
    top = line - above * gap * _GAP
    bottom = line + (1 - above) * gap * _GAP
    raised = upper * (1 + .35 * au[10]) * _UPPER_LIP
    x = np.interp(_ACROSS, (-1, 1), corners[:, 0])
    edges = (top - raised, top, bottom, bottom + lower * _LOWER_LIP)
    return np.stack([np.stack([x, y], axis=1) for y in edges])
