"""Contact sheet of one image under every corruption and severity.

Example:
    python tools/visualization/corruption_grid.py grid.png --image face.jpg
    python tools/visualization/corruption_grid.py grid.png --params tiny
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from mmengine.fileio import get

from uar_mmpretrain.corruptions import PARAM_SETS, SEVERITIES, corrupt, names
from uar_mmpretrain.datasets.image_files import describe_bytes
from uar_mmpretrain.datasets.synthetic import (
    ACTION_UNITS,
    NUM_DRAWS,
    draw_face,
    express,
    sample_parameters,
)
from uar_mmpretrain.files.atomic_write import atomic_write

_CAPTION_WIDTH = 140
_CAPTION_HEIGHT = 16
# Smaller tiles are shown enlarged, pixel by pixel.
_TILE = 112


def parse_args() -> argparse.Namespace:
    """Read the command line.

    Returns:
        argparse.Namespace: The arguments.
    """
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('out', type=Path, help='PNG file to write')
    parser.add_argument('--image', help='picture; default: a drawn face')
    parser.add_argument('--size', type=int, default=224,
                        help='side of the drawn face, pixels')
    parser.add_argument('--params', default='imagenet', choices=PARAM_SETS)
    parser.add_argument('--group', default='all',
                        choices=['standard', 'extra', 'all'])
    parser.add_argument('--seed', type=int, default=0)
    return parser.parse_args()


def read_image(args: argparse.Namespace) -> np.ndarray:
    """Read the picture, or draw a happy face.

    Args:
        args (argparse.Namespace): The arguments.

    Returns:
        np.ndarray: HWC uint8 BGR.

    Raises:
        ValueError: If the file is not an image.
    """
    if args.image is None:
        return drawn_face(args.size, args.seed)
    data = get(args.image)
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f'{args.image}: {describe_bytes(data)}')
    return image


def grid(image: np.ndarray, args: argparse.Namespace) -> np.ndarray:
    """Draw one row per corruption: the clean image, then severities 1 to 5.

    Args:
        image (np.ndarray): HWC uint8 BGR.
        args (argparse.Namespace): The arguments.

    Returns:
        np.ndarray: HWC uint8 BGR.
    """
    zoom = max(1, -(-_TILE // min(image.shape[:2])))
    rows = []
    for name in names(args.group):
        tiles = [image, *(
            corrupt(image, name, severity, seed=args.seed, params=args.params)
            for severity in SEVERITIES)]
        tiles = [cv2.resize(t, (0, 0), fx=zoom, fy=zoom,
                            interpolation=cv2.INTER_NEAREST) for t in tiles]
        caption = text_box(name, _CAPTION_WIDTH, tiles[0].shape[0])
        rows.append(np.hstack([caption, *tiles]))
    side = tiles[0].shape[1]
    heads = [text_box(f'params={args.params}', _CAPTION_WIDTH,
                      _CAPTION_HEIGHT), text_box('clean', side,
                                                 _CAPTION_HEIGHT)]
    heads += [text_box(f'severity {s}', side, _CAPTION_HEIGHT)
              for s in SEVERITIES]
    return np.vstack([np.hstack(heads), *rows])


def text_box(text: str, width: int, height: int) -> np.ndarray:
    """Write black on white, centred from top to bottom.

    Args:
        text (str): One line.
        width (int): Pixels.
        height (int): Pixels.

    Returns:
        np.ndarray: (height, width, 3) uint8.
    """
    box = np.full((height, width, 3), 255, np.uint8)
    cv2.putText(box, text, (4, height // 2 + 4), cv2.FONT_HERSHEY_SIMPLEX,
                .36, (0, 0, 0), 1, cv2.LINE_AA)
    return box


def drawn_face(size: int, seed: int) -> np.ndarray:
    """Draw a happy face.

    Args:
        size (int): Side in pixels.
        seed (int): Who it is.

    Returns:
        np.ndarray: (size, size, 3) uint8 BGR.
    """
    look = np.random.default_rng(seed).random((1, NUM_DRAWS))
    label, strength = np.array([1]), np.array([1.])
    units = 1, len(ACTION_UNITS)
    states = express(label, strength, np.full(units, .5), np.ones(units),
                     label < 0)
    return draw_face(sample_parameters(states, look)[0], size)


def main() -> None:
    """Draw the sheet and write it."""
    args = parse_args()
    sheet = grid(read_image(args), args)
    with atomic_write(args.out) as beside:
        beside.write_bytes(cv2.imencode('.png', sheet)[1].tobytes())
    print(f'Wrote {args.out}: {len(names(args.group))} corruptions, '
          f"parameter set '{args.params}'.")


if __name__ == '__main__':
    main()
