"""Simulated annotators: they see a face with noise and name an expression.

Observer model. An annotator perceives the AU state ``a`` (both halves of the
face, 2K numbers) as ``a + n`` with independent Gaussian ``n`` and answers the
class of the nearest prototype (Euclidean). With ``z = a + n``,

    argmin_p |z - m_p|^2 = argmin_p ( |m_p|^2 - 2 a.m_p - 2 n.m_p ),

so noise only enters through its projections ``n.m_p`` on the P prototypes.
"""

from __future__ import annotations

import numpy as np

from ..categories import CANONICAL_CLASSES
from .action_units import ACTION_UNITS, observer_prototypes
from .streams import standard_normal, uniform

#: Standard deviation of the noise on each half's AU intensity. Chosen so that
#: ten votes disagree about as much as those of FER+ do.
PERCEPTION_NOISE = 0.37

#: Simulated perceptions behind every true label distribution.
NUM_PERCEPTIONS = 1024

# The one fixed set of perceptions all true distributions are averaged over.
_BANK_SEED = 20131

_CHUNK = 512


def noise_length(num_annotators: int) -> int:
    """Uniform draws per face that :func:`cast_votes` needs.

    Args:
        num_annotators (int): Annotators per face, A.

    Returns:
        int: ``A * 2K``.
    """
    return num_annotators * 2 * len(ACTION_UNITS)


def cast_votes(states: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Votes of annotators with noise of their own on every face.

    Args:
        states (np.ndarray): AU states, (N, K, 2).
        draws (np.ndarray): Uniform draws, (N, A * 2K).

    Returns:
        np.ndarray: Vote counts, int64 (N, C), rows summing to A.
    """
    votes = []
    for start in range(0, len(states), _CHUNK):
        part = draws[start:start + _CHUNK]
        noise = standard_normal(part).reshape(
            len(part), -1, 2 * len(ACTION_UNITS))
        votes.append(_count_answers(states[start:start + _CHUNK], noise))
    return np.concatenate(votes)


def true_distributions(states: np.ndarray) -> np.ndarray:
    """Probability that an annotator answers each class.

    An average over :data:`NUM_PERCEPTIONS` fixed perceptions, the same ones
    for every face and none of them used for votes, so the standard error is
    at most ``0.5 / sqrt(NUM_PERCEPTIONS)``, about 0.016.

    Args:
        states (np.ndarray): AU states, (N, K, 2).

    Returns:
        np.ndarray: Distributions, float32 (N, C), rows summing to 1.
    """
    size = 2 * len(ACTION_UNITS)
    bank = standard_normal(uniform(_BANK_SEED, 0, NUM_PERCEPTIONS, size))
    counts = [
        _count_answers(states[start:start + _CHUNK], bank[None])
        for start in range(0, len(states), _CHUNK)
    ]
    return (np.concatenate(counts) / NUM_PERCEPTIONS).astype(np.float32)


def _count_answers(states: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Count nearest prototypes of (N, K, 2) states seen A times each.

    ``noise`` is (N, A, 2K), or (1, A, 2K) when shared by all faces.
    """
    prototypes, labels = observer_prototypes()
    prototypes = prototypes.reshape(len(prototypes), -1)
    offset = (prototypes**2).sum(axis=1)
    clear = offset - 2 * states.reshape(len(states), -1) @ prototypes.T
    blurred = clear[:, None] - 2 * PERCEPTION_NOISE * noise @ prototypes.T
    answers = labels[blurred.argmin(axis=-1)]
    num_classes = len(CANONICAL_CLASSES)
    cells = answers + num_classes * np.arange(len(states))[:, None]
    return np.bincount(
        cells.ravel(), minlength=num_classes * len(states)).reshape(
            len(states), num_classes)
