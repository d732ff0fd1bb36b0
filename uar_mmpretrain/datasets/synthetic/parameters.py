"""Everything that decides what one drawn face looks like."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass, field

import numpy as np

from .action_units import ACTION_UNITS

_NO_ACTION = (0.0, ) * len(ACTION_UNITS)


def _between(low: float, high: float) -> float:
    """Field drawn uniformly from a range, its middle by default."""
    return field(default=(low + high) / 2, metadata={'range': (low, high)})


@dataclass(frozen=True)
class FaceParameters:
    """Expression, identity, colours, light, pose and background of a face.

    Lengths are in half image sides (the image spans [-1, 1] in x and y, y
    down), angles in radians, tones and strengths in [0, 1]. The defaults are
    the average face without expression.

    Args:
        left (tuple[float, ...]): Intensities in [0, 1] of the action units
            :data:`ACTION_UNITS` on the left half of the picture, K values.
        right (tuple[float, ...]): The same for the right half.
    """

    left: tuple[float, ...] = _NO_ACTION
    right: tuple[float, ...] = _NO_ACTION
    # Identity.
    face_width: float = _between(.60, .70)
    jaw_squareness: float = _between(2.0, 2.7)
    jaw_taper: float = _between(.02, .18)
    chin_y: float = _between(.80, .90)
    eye_spacing: float = _between(.265, .305)
    eye_width: float = _between(.135, .165)
    eye_opening: float = _between(.064, .082)
    eye_tilt: float = _between(-.10, .14)
    brow_gap: float = _between(.180, .220)
    brow_arch: float = _between(.005, .040)
    brow_thickness: float = _between(.035, .065)
    nose_width: float = _between(.085, .120)
    nose_y: float = _between(.16, .22)
    mouth_y: float = _between(.465, .515)
    mouth_width: float = _between(.215, .265)
    mouth_curve: float = _between(-.012, .012)
    upper_lip: float = _between(.028, .050)
    lower_lip: float = _between(.040, .065)
    age_lines: float = _between(.0, .30)
    hair_line: float = _between(-.72, -.58)
    hair_part: float = _between(-1., 1.)
    hair_volume: float = _between(.03, .13)
    hair_length: float = _between(-1., 1.1)
    # Colours.
    skin_tone: float = _between(0., 1.)
    skin_redness: float = _between(-.5, 1.)
    hair_tone: float = _between(0., 1.)
    lip_redness: float = _between(.2, 1.)
    eye_tone: float = _between(0., 1.)
    cloth_hue: float = _between(0., 1.)
    cloth_value: float = _between(.2, .9)
    # Light, pose and background.
    light_angle: float = _between(-np.pi, np.pi)
    light_strength: float = _between(0., .25)
    brightness: float = _between(.75, 1.)
    roll: float = _between(-.16, .16)
    yaw: float = _between(-.26, .26)
    scale: float = _between(.96, 1.08)
    shift_x: float = _between(-.06, .06)
    shift_y: float = _between(-.05, .05)
    gaze: float = _between(-.018, .018)
    background_hue: float = _between(0., 1.)
    background_saturation: float = _between(.05, .45)
    background_value: float = _between(.25, .95)
    background_slope: float = _between(-.35, .35)

    def sides(self) -> tuple[dict[int, float], dict[int, float]]:
        """Intensities by AU number on the left and on the right half.

        Returns:
            tuple[dict[int, float], dict[int, float]]: Left, right.
        """
        return (dict(zip(ACTION_UNITS, self.left)),
                dict(zip(ACTION_UNITS, self.right)))

    def digest(self) -> str:
        """Name of this face: equal parameters, equal digest.

        Returns:
            str: 32 hexadecimal digits.
        """
        values = np.hstack(dataclasses.astuple(self)).astype('<f8')
        return hashlib.blake2b(values.tobytes(), digest_size=16).hexdigest()


def _ranged_fields() -> list[dataclasses.Field]:
    return [f for f in dataclasses.fields(FaceParameters) if f.metadata]


#: Uniform draws that :func:`sample_parameters` needs per face.
NUM_DRAWS = len(_ranged_fields())


def sample_parameters(states: np.ndarray,
                      draws: np.ndarray) -> list[FaceParameters]:
    """Faces with given expressions and everything else at random.

    Args:
        states (np.ndarray): AU intensities, (N, K, 2).
        draws (np.ndarray): Uniform draws, (N, NUM_DRAWS).

    Returns:
        list[FaceParameters]: N faces.
    """
    fields = _ranged_fields()
    low, high = np.array([f.metadata['range'] for f in fields]).T
    names = [f.name for f in fields]
    rows = (low + (high - low) * draws).tolist()
    sides = states.transpose(0, 2, 1).tolist()
    return [
        FaceParameters(tuple(left), tuple(right), **dict(zip(names, row)))
        for (left, right), row in zip(sides, rows)
    ]
