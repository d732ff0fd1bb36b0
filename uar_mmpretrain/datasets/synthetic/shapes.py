"""What to paint, in order: coloured polygons in the frame of the face."""

from __future__ import annotations

import numpy as np

from .face_model import CHEEK_Y, SKULL_Y, FaceGeometry
from .palette import Palette, make_palette
from .parameters import FaceParameters

#: A polygon (N, 2) and its colour, BGR (3, ).
Shape = tuple[np.ndarray, np.ndarray]

_WHITE = np.array((238., 242., 244.))
_MOUTH = np.array((34., 26., 70.))
_BLACK = np.array((16., 14., 14.))

# Hair that ends above this is hidden behind the ears.
_SHORT_HAIR = .25

# Fainter folds are not painted.
_FAINTEST = .04

_ANGLES = np.linspace(0, 2 * np.pi, 28, endpoint=False)
_DISC = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
_ARC = np.linspace(np.pi, 2 * np.pi, 24)
_ARC = np.stack([np.cos(_ARC), np.sin(_ARC)], axis=1)
_ACROSS = np.linspace(-1, 1, 21)

# Quadratic curve through three points, and a stroke's tapered profile.
_AT = np.linspace(0, 1, 7)
_THROUGH = np.stack([(1 - _AT) * (1 - 2 * _AT), 4 * _AT * (1 - _AT),
                     _AT * (2 * _AT - 1)], axis=1)  # yapf: disable
_TAPER = np.sqrt(np.maximum(0, 1 - (2 * _AT - 1)**2))
_BROW_PROFILE = np.array((.70, .95, 1., 1., .95, .85, .70, .5, .2))

# Nested outlines that round the face off: share of the size, darkness.
_ROUNDING = ((1., .84), (.965, .89), (.92, .93), (.86, .965), (.78, 1.))


def face_shapes(face: FaceParameters, geometry: FaceGeometry) -> list[Shape]:
    """Everything in front of the background, back to front.

    Args:
        face (FaceParameters): The face.
        geometry (FaceGeometry): Its control points.

    Returns:
        list[Shape]: Polygons with colours, to be painted in this order.
    """
    palette = make_palette(face)
    return [
        *_body(face, palette),
        *_head(face, geometry, palette),
        *_creases(geometry, palette),
        *_nose(face, geometry, palette),
        *_mouth(geometry, palette),
        *_eyes(geometry, palette),
        *_brows(face, geometry, palette),
        (_fringe(face), palette.hair),
    ]


def ribbon(line: np.ndarray, widths: float | np.ndarray) -> np.ndarray:
    """Polygon around a line.

    Args:
        line (np.ndarray): Points, (..., N, 2).
        widths (float | np.ndarray): Full width at every point, broadcast to
            (..., N).

    Returns:
        np.ndarray: Polygon, (..., 2N, 2).
    """
    along = np.gradient(line, axis=-2)
    length = np.sqrt((along**2).sum(axis=-1))
    half = np.asarray(widths) / (2 * np.maximum(length, 1e-9))
    offset = half[..., None] * along[..., ::-1] * (-1, 1)
    return np.concatenate(
        [line + offset, (line - offset)[..., ::-1, :]], axis=-2)


def _ellipse(x: float, y: float, width: float, height: float) -> np.ndarray:
    return _DISC * (width, height) + (x, y)


def _body(face: FaceParameters, palette: Palette) -> list[Shape]:
    """Shoulders, hair behind the head, neck and ears."""
    neck = .52 * face.face_width
    top = CHEEK_Y + .35
    hair = _crown(face)
    if face.hair_length > _SHORT_HAIR:
        hair = np.concatenate([hair, _curtain(face)])
    shoulders = np.array([(-1.5, 1.9), (-1.3, 1.22), (-neck, 1.0),
                          (neck, 1.0), (1.3, 1.22), (1.5, 1.9)])
    throat = np.array([(-neck, top), (neck, top), (neck, 1.08),
                       (0, 1.16), (-neck, 1.08)])
    ears = [(_ellipse(sign * face.face_width, .02, .075, .15),
             .82 * palette.skin) for sign in (-1, 1)]
    return [(hair, .85 * palette.hair),
            (shoulders, palette.cloth), (throat, .68 * palette.skin), *ears]


def _head(face: FaceParameters, geometry: FaceGeometry,
          palette: Palette) -> list[Shape]:
    """Nested outlines that grow lighter towards the light."""
    light = -.5 * face.light_strength * np.array(
        (-np.cos(face.light_angle), -np.sin(face.light_angle)))
    centre = np.array((0, .05))
    return [(centre + size * (geometry.outline - centre) +
             (1 - size) * light, shade * palette.skin)
            for size, shade in _ROUNDING]


def _creases(geometry: FaceGeometry, palette: Palette) -> list[Shape]:
    """Skin folds as tapered strokes."""
    kept = geometry.crease_depths > _FAINTEST
    depths = geometry.crease_depths[kept]
    lines = np.einsum('np,fpd->fnd', _THROUGH, geometry.creases[kept])
    widths = geometry.crease_widths[kept] * (.6 + .6 * depths)
    strokes = ribbon(lines, widths[:, None] * _TAPER)
    return [(stroke, (1 - .50 * depth) * palette.skin)
            for stroke, depth in zip(strokes, depths)]


def _nose(face: FaceParameters, geometry: FaceGeometry,
          palette: Palette) -> list[Shape]:
    """Shaded side, tip, wings and nostrils."""
    (left, y), (right, _) = geometry.wings
    dark = 1 if np.cos(face.light_angle) < 0 else -1
    bridge = np.array([(dark * .035, -.12), (dark * .065, -.10),
                       (dark * .9 * right, y), (dark * .02, y)])
    shapes = [(bridge, .88 * palette.skin),
              (_ellipse(0, y + .005, .6 * right, .055), .97 * palette.skin)]
    for x in (left, right):
        wing = _ellipse(.86 * x, y, .30 * right, .045)
        nostril = _ellipse(.48 * x, y + .030, .22 * right, .017)
        shapes += [(wing, .84 * palette.skin), (nostril, .42 * palette.skin)]
    base = np.array([(.8 * left, y + .04), (0, y + .066), (.8 * right,
                                                         y + .04)])
    return [*shapes, (ribbon(_THROUGH @ base, .016 * _TAPER),
                      .70 * palette.skin)]


def _mouth(geometry: FaceGeometry, palette: Palette) -> list[Shape]:
    """Open mouth with teeth, then the lips around it."""
    lip_top, top, bottom, lip_bottom = geometry.lips
    gap = bottom[:, 1] - top[:, 1]
    teeth = top + np.stack(
        [np.zeros_like(gap), np.minimum(.75 * gap, .052)], axis=1)
    inside = np.concatenate([top, bottom[::-1]])
    shapes = [(inside, _MOUTH), (np.concatenate([top, teeth[::-1]]), _WHITE),
              (np.concatenate([lip_top, top[::-1]]), .86 * palette.lip),
              (np.concatenate([bottom, lip_bottom[::-1]]), palette.lip)]
    closed = gap.max() < .02
    if closed:
        shapes.append((ribbon(top, .020), .45 * palette.lip))
    return shapes


def _eyes(geometry: FaceGeometry, palette: Palette) -> list[Shape]:
    """Socket, white, iris, pupil and lid edges."""
    shapes = []
    for eye in geometry.eyes:
        upper, lower = eye['upper'], eye['lower']
        white = np.concatenate([upper, lower[::-1]])
        lid = np.concatenate([upper - (0, .055), upper[::-1]])
        shapes += [(lid, .86 * palette.skin), (white, _WHITE),
                   (eye['iris'], palette.iris), (eye['pupil'], _BLACK),
                   (ribbon(upper, .026), .22 * palette.skin),
                   (ribbon(lower, .012), .55 * palette.skin)]
    return shapes


def _brows(face: FaceParameters, geometry: FaceGeometry,
           palette: Palette) -> list[Shape]:
    strokes = ribbon(geometry.brows, face.brow_thickness * _BROW_PROFILE)
    return [(stroke, palette.brow) for stroke in strokes]


def _crown(face: FaceParameters) -> np.ndarray:
    """Upper edge of the hair, from the left to the right."""
    width = face.face_width + face.hair_volume
    height = CHEEK_Y - SKULL_Y + face.hair_volume
    return (0, CHEEK_Y) + _ARC * (width, height)


def _curtain(face: FaceParameters) -> np.ndarray:
    """Lower edge of long hair, from the right to the left."""
    outer, length = face.face_width + face.hair_volume, face.hair_length
    right = np.array([(outer + .04, .6 * length), (outer, .93 * length),
                      (outer - .10, length)])
    return np.concatenate([right, right[::-1] * (-1, 1)])


def _fringe(face: FaceParameters) -> np.ndarray:
    """Hair over the top of the forehead, down to the temples."""
    part = .10 * face.hair_part * np.sin(np.pi * _ACROSS)
    line = (face.hair_line + part * (1 - _ACROSS**2) +
            (CHEEK_Y - .05 - face.hair_line) * _ACROSS**6)
    edge = np.stack([1.01 * face.face_width * _ACROSS, line], axis=1)
    return np.concatenate([_crown(face), edge[::-1]])
