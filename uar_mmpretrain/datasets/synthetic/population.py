"""Who is in a split: expressions, mixtures, votes and looks of its faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..categories import CANONICAL_CLASSES
from .action_units import ACTION_UNITS, blend, express
from .annotators import cast_votes, noise_length, true_distributions
from .parameters import NUM_DRAWS, FaceParameters, sample_parameters
from .streams import uniform

#: Names of the splits; their order numbers the random streams.
SPLITS = ('train', 'val', 'test')

#: Share of faces that mix two expressions.
BLENDED_SHARE = .5

# Range of the strength of an expression shown alone, and in a blend.
_ALONE = (.4, 1.)
_BLENDED = (.8, 1.)

_NUM_PLAN_DRAWS = 8


@dataclass(frozen=True)
class Population:
    """Faces of a split and everything known about them.

    Args:
        faces (list[FaceParameters]): N faces.
        mixture (np.ndarray): Share of each expression in the face, float32
            (N, C), rows summing to 1.
        states (np.ndarray): AU intensities on both halves, (N, K, 2).
        votes (np.ndarray): Vote counts, int64 (N, C).
        true_distribution (np.ndarray): Probability that an annotator answers
            each class, float32 (N, C).
    """

    faces: list[FaceParameters]
    mixture: np.ndarray
    states: np.ndarray
    votes: np.ndarray
    true_distribution: np.ndarray


def sample_population(split: str, num_images: int, num_annotators: int,
                      seed: int) -> Population:
    """Draw the faces of a split and let annotators vote on them.

    Face i depends on (seed, split, i) only, and not on ``num_annotators``.

    Args:
        split (str): One of :data:`SPLITS`.
        num_images (int): Faces, N.
        num_annotators (int): Votes per face.
        seed (int): Seed of the whole data set.

    Returns:
        Population: The first N faces of the split.
    """
    stream = 2 * SPLITS.index(split)
    num_aus = len(ACTION_UNITS)
    draws = uniform(seed, stream, num_images,
                    _NUM_PLAN_DRAWS + 4 * num_aus + NUM_DRAWS)
    plan, people, looks = np.split(
        draws, [_NUM_PLAN_DRAWS, _NUM_PLAN_DRAWS + 4 * num_aus], axis=1)
    states, mixture = _expressions(plan, people.reshape(-1, 4, num_aus))
    noise = uniform(seed, stream + 1, num_images,
                    noise_length(num_annotators))
    return Population(
        faces=sample_parameters(states, looks),
        mixture=mixture,
        states=states,
        votes=cast_votes(states, noise),
        true_distribution=true_distributions(states))


def _expressions(plan: np.ndarray,
                 people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """AU states (N, K, 2) and mixtures (N, C) from uniform draws."""
    num_classes = len(CANONICAL_CLASSES)
    blended = plan[:, 0] < BLENDED_SHARE
    first = (plan[:, 1] * num_classes).astype(np.int64)
    step = 1 + (plan[:, 2] * (num_classes - 1)).astype(np.int64)
    second = (first + step) % num_classes
    weight = np.where(blended, plan[:, 3], 1.)
    states = [
        express(labels, np.where(blended, _within(_BLENDED, plan[:, 4 + i]),
                                 _within(_ALONE, plan[:, 4 + i])),
                people[:, 2 * i], people[:, 2 * i + 1], plan[:, 6 + i] < .5)
        for i, labels in enumerate((first, second))
    ]
    rows = np.arange(len(plan))
    mixture = np.zeros((len(plan), num_classes), np.float32)
    mixture[rows, first] = weight
    mixture[rows, second] = 1 - weight
    return blend(*states, weight), mixture


def _within(limits: tuple[float, float], draws: np.ndarray) -> np.ndarray:
    low, high = limits
    return low + (high - low) * draws
