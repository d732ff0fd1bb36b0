"""Facial action units (AUs): prototypes of the expressions and their blends.

The shares are those of Du, Tao and Martinez, "Compound facial expressions of
emotion", PNAS 111(15), 2014, table 1. Contempt is not in that table; it gets
the one-sided AU12 + AU14 that FACS describes (Ekman and Friesen, 1986).
"""

from __future__ import annotations

import numpy as np

from ..categories import CANONICAL_CLASSES

#: Numbers of the modelled action units; the K axis of every AU array.
ACTION_UNITS = (1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17, 20, 23, 24, 25,
                26)

#: Expression whose AUs appear on one half of the face only.
UNILATERAL_CLASS = 'contempt'

# The paper calls an AU prototypical when more than 70% of people show it.
_PROTOTYPICAL_SHARE = 0.95

# Class -> (prototypical AUs, {secondary AU: share of people who show it}).
_PROTOTYPES = {
    'neutral': ((), {}),
    'happiness': ((12, 25), {6: .51}),
    'sadness': ((4, 15), {1: .60, 6: .50, 11: .26, 17: .67}),
    'surprise': ((1, 2, 25, 26), {5: .66}),
    'fear': ((1, 4, 20, 25), {2: .57, 5: .63, 26: .33}),
    'disgust': ((9, 10, 17), {4: .31, 24: .26}),
    'anger': ((4, 7, 24), {10: .26, 17: .52, 23: .29}),
    'contempt': ((12, 14), {}),
}


def au_index(number: int) -> int:
    """Position of an action unit on the K axis.

    Args:
        number (int): FACS number, for example 12 (lip corner puller).

    Returns:
        int: Index into :data:`ACTION_UNITS`.

    Raises:
        ValueError: If the model has no such action unit.
    """
    if number not in ACTION_UNITS:
        raise ValueError(f'There is no AU{number} in this face model; it has '
                         f'{ACTION_UNITS}.')
    return ACTION_UNITS.index(number)


def au_shares() -> np.ndarray:
    """Probability that a person showing a class shows each action unit.

    Returns:
        np.ndarray: float64 (C, K) in [0, 1], classes in canonical order;
        neutral is all zero.
    """
    shares = np.zeros((len(CANONICAL_CLASSES), len(ACTION_UNITS)))
    for row, name in zip(shares, CANONICAL_CLASSES):
        prototypical, secondary = _PROTOTYPES[name]
        for number in prototypical:
            row[au_index(number)] = _PROTOTYPICAL_SHARE
        for number, share in secondary.items():
            row[au_index(number)] = share
    return shares


def express(labels: np.ndarray, intensity: np.ndarray, presence: np.ndarray,
            jitter: np.ndarray, on_left: np.ndarray) -> np.ndarray:
    """AU intensities of one person each showing one expression.

    Args:
        labels (np.ndarray): Classes, int (N,).
        intensity (np.ndarray): Strength of the expression in [0, 1], (N,).
        presence (np.ndarray): Uniform draws (N, K); an AU is shown where its
            draw lies below the share of people who show it.
        jitter (np.ndarray): Uniform draws (N, K); the relative strength of an
            AU is spread over [0.85, 1].
        on_left (np.ndarray): Side that a unilateral class shows on, bool
            (N,).

    Returns:
        np.ndarray: Intensities in [0, 1], float64 (N, K, 2); the last axis is
        the left and the right half of the picture.
    """
    shown = presence < au_shares()[labels]
    strength = shown * intensity[:, None] * (0.85 + 0.15 * jitter)
    unilateral = labels == CANONICAL_CLASSES.index(UNILATERAL_CLASS)
    sides = np.stack([~unilateral | on_left, ~unilateral | ~on_left], axis=-1)
    return strength[:, :, None] * sides[:, None, :]


def blend(first: np.ndarray, second: np.ndarray,
          weight: np.ndarray) -> np.ndarray:
    """Mixture ``w a + (1 - w) b`` of two AU states of the same people.

    Args:
        first (np.ndarray): Intensities a, (N, K, 2).
        second (np.ndarray): Intensities b, (N, K, 2).
        weight (np.ndarray): Share w of the first state in [0, 1], (N,).

    Returns:
        np.ndarray: Intensities, (N, K, 2).
    """
    weight = weight[:, None, None]
    return weight * first + (1 - weight) * second


def observer_prototypes() -> tuple[np.ndarray, np.ndarray]:
    """What an annotator expects each expression to look like.

    Each prototype is the mean AU state of people showing the class at full
    strength. A unilateral class has two, one for either side.

    Returns:
        tuple[np.ndarray, np.ndarray]: AU states, float64 (P, K, 2), and the
        class of each, int64 (P,).
    """
    shares = au_shares()
    labels = np.arange(len(shares))
    unilateral = CANONICAL_CLASSES.index(UNILATERAL_CLASS)
    labels = np.append(labels, unilateral)
    states = np.repeat(shares[labels][:, :, None], 2, axis=2)
    states[unilateral, :, 1] = 0
    states[-1, :, 0] = 0
    return states, labels
