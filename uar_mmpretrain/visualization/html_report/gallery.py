"""Faces by action, for data whose images may be shown."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ...routing import Action
from .plane import Plane

_PER_ACTION = 12
_SIDE = 96


@dataclass(frozen=True)
class Face:
    """One image of the gallery.

    Args:
        source (str): Data URI.
        image_id (str): Its name.
        prediction (str): The classes the model thinks of.
        votes (str): What people said, empty without votes.
        uncertainty (str): The two numbers it was routed by.
    """

    source: str
    image_id: str
    prediction: str
    votes: str
    uncertainty: str


def make_gallery(plane: Plane, root: str | Path,
                 seed: int = 0) -> dict[str, list[Face]]:
    """Draw clean images at random, the same number for each action.

    Args:
        plane (Plane): Rows, routed by the thresholds the page starts with.
        root (str | Path): Folder the image ids are relative to.
        seed (int): Seed of the draw.

    Returns:
        dict[str, list[Face]]: At most twelve faces by action.

    Raises:
        FileNotFoundError: If an image is not there.
        ValueError: If an id leads out of the folder, or is not an image.
    """
    rng = np.random.default_rng(seed)
    root = Path(root).resolve()
    faces = {}
    for action in Action:
        rows = np.flatnonzero(plane.run.table.is_clean
                              & (plane.action == action))
        if len(rows) > _PER_ACTION:
            rows = np.sort(rng.choice(rows, _PER_ACTION, replace=False))
        faces[action.name] = [_face(plane, int(row), root) for row in rows]
    return faces


def _face(plane: Plane, row: int, root: Path) -> Face:
    table = plane.run.table
    image_id = str(table.image_id[row])
    votes = ''
    if table.votes is not None and table.voted[row]:
        total = table.votes[row].sum()
        votes = _top(table.classes, table.votes[row] / total)
    return Face(_thumbnail(root, image_id), image_id,
                _top(table.classes, table.mean_scores[row]), votes,
                f'aleatoric {plane.aleatoric[row]:.3f}, '
                f'{plane.axes["rejection"].name} {plane.rejection[row]:.4f}')


def _top(classes: tuple[str, ...], shares: np.ndarray) -> str:
    """Name up to three classes with at least 5%, the largest first."""
    order = np.argsort(-shares, kind='stable')[:3]
    return ', '.join(f'{classes[c]} {shares[c]:.0%}' for c in order
                     if shares[c] >= 0.05 or c == order[0])


def _thumbnail(root: Path, image_id: str) -> str:
    """Return a small JPEG as data URI."""
    path = (root / image_id).resolve()
    # An id is text from a file: it must not fetch anything else.
    if root not in path.parents:
        raise ValueError(f'the image id {image_id!r} leads out of {root}; '
                         'expected a path inside the folder given as '
                         '--images.')
    if not path.is_file():
        raise FileNotFoundError(f'no image {path}; give the folder the image '
                                'ids are relative to as --images.')
    try:
        with Image.open(path) as image:
            small = image.convert('RGB')
    except OSError as error:
        raise ValueError(f'{path}: not a readable image ({error}).'
                         ) from error
    small.thumbnail((_SIDE, _SIDE))
    stream = io.BytesIO()
    small.save(stream, 'JPEG', quality=85)
    data = base64.b64encode(stream.getvalue()).decode('ascii')
    return f'data:image/jpeg;base64,{data}'
