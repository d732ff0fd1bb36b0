"""Colours of a face, BGR in [0, 255]."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

import numpy as np

from .parameters import FaceParameters

# Light to dark, RGB.
_SKIN = np.array([(250, 218, 196), (238, 192, 160), (218, 164, 126),
                  (186, 128, 92), (140, 90, 60), (96, 62, 44)], float)
# Black, brown, auburn, blond, grey, RGB.
_HAIR = np.array([(24, 20, 20), (48, 32, 24), (92, 58, 36), (128, 62, 34),
                  (196, 156, 98), (150, 148, 148)], float)
_EYES = np.array([(52, 32, 22), (98, 66, 36), (92, 112, 70), (84, 124, 158)],
                 float)
_RED = np.array((176, 58, 66), float)


@dataclass(frozen=True)
class Palette:
    """Colours that a face is drawn with, each BGR float64 (3, )."""

    skin: np.ndarray
    lip: np.ndarray
    hair: np.ndarray
    brow: np.ndarray
    iris: np.ndarray
    cloth: np.ndarray


def make_palette(face: FaceParameters) -> Palette:
    """Colours from the tones of a face.

    Args:
        face (FaceParameters): The face.

    Returns:
        Palette: Its colours.
    """
    skin = _pick(_SKIN, face.skin_tone)
    skin = skin + face.skin_redness * np.array((7., -4., -6.))
    hair = _pick(_HAIR, face.hair_tone)
    share = .30 + .30 * face.lip_redness
    lip = (1 - share) * .86 * skin + share * .9 * _RED
    cloth = hsv(face.cloth_hue, .5, face.cloth_value)
    return Palette(
        skin=skin[::-1],
        lip=lip[::-1],
        hair=hair[::-1],
        # Fair brows would vanish at 56 pixels.
        brow=np.minimum(.8 * hair, .48 * skin)[::-1],
        iris=_pick(_EYES, face.eye_tone)[::-1],
        cloth=cloth)


def hsv(hue: float, saturation: float, value: float) -> np.ndarray:
    """Colour from hue, saturation and value.

    Args:
        hue (float): In [0, 1].
        saturation (float): In [0, 1].
        value (float): In [0, 1]; clipped.

    Returns:
        np.ndarray: BGR in [0, 255], (3, ).
    """
    rgb = colorsys.hsv_to_rgb(hue, saturation, min(max(value, 0.), 1.))
    return 255 * np.array(rgb[::-1])


def _pick(stops: np.ndarray, tone: float) -> np.ndarray:
    """Colour at a tone in [0, 1] along evenly spaced stops."""
    place = tone * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    share = place - index
    return (1 - share) * stops[index] + share * stops[index + 1]
