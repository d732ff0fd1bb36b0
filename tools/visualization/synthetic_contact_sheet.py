"""Contact sheet of the synthetic faces.

One row per person with the expressions side by side, then one row per pair of
expressions with their blends, each under its true label distribution.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from uar_mmpretrain.datasets.categories import CANONICAL_CLASSES
from uar_mmpretrain.datasets.synthetic import (
    ACTION_UNITS,
    NUM_DRAWS,
    blend,
    draw_face,
    express,
    sample_parameters,
    true_distributions,
)
from uar_mmpretrain.files.atomic_write import atomic_write

_WEIGHTS = np.linspace(1, 0, len(CANONICAL_CLASSES))
_CAPTION_HEIGHT = 16


def parse_args() -> argparse.Namespace:
    """Read the command line.

    Returns:
        argparse.Namespace: The arguments.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', type=Path, help='PNG file to write')
    parser.add_argument('--size', type=int, default=112, help='image side')
    parser.add_argument('--people', type=int, default=5)
    parser.add_argument('--blends', type=int, default=5, help='pairs shown')
    parser.add_argument('--intensity', type=float, default=1.)
    parser.add_argument('--seed', type=int, default=0)
    return parser.parse_args()


def prototypes(intensity: float) -> np.ndarray:
    """Every class with all the AUs that most people show.

    Args:
        intensity (float): Strength in [0, 1].

    Returns:
        np.ndarray: AU states (C, K, 2).
    """
    labels = np.arange(len(CANONICAL_CLASSES))
    shape = (len(labels), len(ACTION_UNITS))
    return express(labels, np.full(len(labels), intensity),
                   np.full(shape, .5), np.ones(shape), labels < 0)


def sheet_rows(args: argparse.Namespace) -> list[np.ndarray]:
    """AU states of the sheet, row by row.

    Args:
        args (argparse.Namespace): The arguments.

    Returns:
        list[np.ndarray]: AU states (C, K, 2) of each row.
    """
    states = prototypes(args.intensity)
    pairs = list(combinations(range(len(states)), 2))
    chosen = np.random.default_rng(args.seed).permutation(len(pairs))
    rows = [states] * args.people
    for first, second in (pairs[i] for i in chosen[:args.blends]):
        copies = [np.repeat(states[[i]], len(_WEIGHTS), axis=0)
                  for i in (first, second)]
        rows.append(blend(*copies, _WEIGHTS))
    return rows


def draw_row(states: np.ndarray, person: int,
             args: argparse.Namespace) -> np.ndarray:
    """Draw one person with each AU state.

    Args:
        states (np.ndarray): AU states (C, K, 2).
        person (int): Number of the person, who has one look.
        args (argparse.Namespace): The arguments.

    Returns:
        np.ndarray: BGR image.
    """
    tiles = []
    look = np.random.default_rng([args.seed, person]).random(NUM_DRAWS)
    faces = sample_parameters(states, np.tile(look, (len(states), 1)))
    for face, shares in zip(faces, true_distributions(states)):
        image = draw_face(face, args.size)
        caption = np.full((_CAPTION_HEIGHT, args.size, 3), 255, np.uint8)
        top = shares.argmax()
        text = f'{CANONICAL_CLASSES[top][:args.size // 12]} {shares[top]:.2f}'
        cv2.putText(caption, text, (2, 12), cv2.FONT_HERSHEY_SIMPLEX, .32,
                    (0, 0, 0), 1, cv2.LINE_AA)
        tiles.append(np.vstack([image, caption]))
    return np.hstack(tiles)


def main() -> None:
    """Draw the sheet and write it."""
    args = parse_args()
    rows = [draw_row(states, person, args)
            for person, states in enumerate(sheet_rows(args))]
    with atomic_write(args.out) as beside:
        beside.write_bytes(cv2.imencode('.png', np.vstack(rows))[1].tobytes())
    print(f'Wrote {args.out}: {args.people} people, {args.blends} blends.')


if __name__ == '__main__':
    main()
