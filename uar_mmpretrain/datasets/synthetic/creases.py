"""Skin folds that the action units make: short tapered strokes."""

from __future__ import annotations

import numpy as np

from .features import EYE_Y
from .parameters import FaceParameters

#: A stroke: three points to pass, its width, its darkness in [0, 1].
Crease = tuple[tuple[tuple[float, float], ...], float, float]


def side_creases(face: FaceParameters, au: dict[int, float], sign: int,
                 wing: np.ndarray, corner: np.ndarray) -> list[Crease]:
    """Folds on one half of the face.

    Args:
        face (FaceParameters): The face.
        au (dict[int, float]): Intensities on this half.
        sign (int): -1 for the left half of the picture, 1 for the right.
        wing (np.ndarray): Nostril wing, (2, ).
        corner (np.ndarray): Mouth corner, (2, ).

    Returns:
        list[Crease]: Strokes, also those of zero darkness.
    """
    return [
        *_around_eye(face, au, sign),
        *_around_nose(face, au, sign, wing, corner),
        *_around_corner(au, sign, corner),
    ]


def middle_creases(face: FaceParameters, au: dict[int, float],
                   lip_bottom: float, chin: float) -> list[Crease]:
    """Folds across the forehead and on the chin.

    Args:
        face (FaceParameters): The face.
        au (dict[int, float]): Intensities averaged over both halves.
        lip_bottom (float): Lowest y of the lower lip.
        chin (float): Lowest y of the face.

    Returns:
        list[Crease]: Strokes, also those of zero darkness.
    """
    raised = max(au[1], au[2])
    brow_y = EYE_Y - face.brow_gap - .10 * raised
    width = .20 + .10 * au[2]
    lift = .03 - .05 * au[2]
    forehead = [(((-width, y + lift), (0, y), (width, y + lift)), .016,
                 .2 * face.age_lines + .75 * raised)
                for y in (brow_y - .085, brow_y - .150)]
    y = .6 * lip_bottom + .4 * chin
    boss = (((-.10, y + .035), (0, y - .02), (.10, y + .035)), .022,
            .85 * au[17])
    pits = [(((x - .02, y + .05), (x, y + .06), (x + .02, y + .05)), .018,
             .6 * au[17]) for x in (-.04, .04)]
    below = lip_bottom + .022
    pressed = (((-.12, below - .01), (0, below + .012), (.12, below - .01)),
               .022, .15 + .55 * max(au[23], au[24]))
    return [*forehead, boss, *pits, pressed]


def _around_eye(face: FaceParameters, au: dict[int, float],
                sign: int) -> list[Crease]:
    frown = (((sign * .040, EYE_Y - .185), (sign * .034, EYE_Y - .13),
              (sign * .042, EYE_Y - .07)), .022, .85 * au[4])
    x, edge = sign * face.eye_spacing, face.eye_width
    bag_y = EYE_Y + .65 * face.eye_opening + .035 - .012 * au[6]
    bag = (((x - .8 * edge, bag_y - .005), (x, bag_y + .025),
            (x + .8 * edge, bag_y - .005)), .018,
           .5 * face.age_lines + .6 * max(au[6], .8 * au[7]))
    outer = x + sign * 1.12 * edge
    feet = [(((outer, EYE_Y + .3 * dy), (outer + sign * .035, EYE_Y + .7 * dy),
              (outer + sign * .075, EYE_Y + dy)), .015, .8 * au[6])
            for dy in (-.035, .012, .055)]
    return [frown, bag, *feet]


def _around_nose(face: FaceParameters, au: dict[int, float], sign: int,
                 wing: np.ndarray, corner: np.ndarray) -> list[Crease]:
    start = (wing[0] + sign * .02, wing[1] - .035)
    end = (corner[0] + sign * .055, corner[1] - .015)
    bulge = sign * (.030 + .035 * max(au[12], au[9]))
    middle = ((start[0] + end[0]) / 2 + bulge,
              (start[1] + end[1]) / 2 - .02)
    depth = max(au[9], .85 * au[10], .9 * au[11], .75 * au[12])
    fold = ((start, middle, end), .022, .4 * face.age_lines + .8 * depth)
    wrinkles = [(((sign * .018, y - .012), (sign * .050, y),
                  (sign * .085, y + .030)), .020, .9 * au[9])
                for y in (-.13, -.075, -.02)]
    return [fold, *wrinkles]


def _around_corner(au: dict[int, float], sign: int,
                   corner: np.ndarray) -> list[Crease]:
    x, y = corner
    dimple = (((x + sign * .028, y - .050), (x + sign * .048, y),
               (x + sign * .028, y + .050)), .026, .95 * au[14])
    droop = (((x - sign * .005, y), (x + sign * .025, y + .035),
              (x + sign * .030, y + .085)), .022, .8 * au[15])
    stretch = (((x + sign * .035, y - .055), (x + sign * .055, y),
                (x + sign * .045, y + .06)), .018, .6 * au[20])
    return [dimple, droop, stretch]
