"""Which images a routing comparison stands on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from ..prediction_table import PredictionTable
from ..votes import ambiguous_faces, vote_entropy

_MIN_IMAGES = 20
# With one split, two scores realise rates some points apart on a few hundred
# images, by the luck of that split; the mean over twenty agrees.
_NUM_SPLITS = 20


@dataclass(frozen=True, eq=False)
class RoutingSets:
    """Which rows are corrupted, ambiguous or clear, and whose they are.

    Args:
        num_images (int): Number n of images.
        ood (np.ndarray): ``(P,)`` image index of each corrupted copy.
        clean (np.ndarray): ``(Q,)`` image index of each clean row.
        ambiguous (np.ndarray): ``(Q,)`` mask of the ambiguous faces, from
            votes only.
        halves (np.ndarray): ``(H, n)`` 0 or 1, see :func:`split_halves`;
            empty to fit and measure on all images (in-sample).
    """

    num_images: int
    ood: np.ndarray
    clean: np.ndarray
    ambiguous: np.ndarray
    halves: np.ndarray


@dataclass(frozen=True, eq=False)
class RoutingRows:
    """The rows of a table a routing comparison uses.

    Args:
        clean (np.ndarray): ``(Q,)`` indices of the clean rows with votes.
        ood (np.ndarray): ``(P,)`` indices of their corrupted copies at one
            severity.
        sets (RoutingSets): The same, by image.
        votes (np.ndarray): ``(Q, C)`` counts of the clean rows.
        corruption (np.ndarray): ``(P,)`` name of each copy's corruption.
        cut (float): Vote entropy in nats from which a face is ambiguous.
    """

    clean: np.ndarray
    ood: np.ndarray
    sets: RoutingSets
    votes: np.ndarray
    corruption: np.ndarray
    cut: float


def routing_rows(table: PredictionTable,
                 severity: int = 5,
                 ambiguous_quantile: float = 0.75,
                 seed: int = 0) -> RoutingRows:
    """Choose the clean faces with votes and their corrupted copies.

    Args:
        table (PredictionTable): R rows.
        severity (int): Severity of the copies.
        ambiguous_quantile (float): Quantile of the vote entropy from which a
            face is ambiguous, taken once over all clean faces with votes.
        seed (int): Seed of the splits in halves.

    Returns:
        RoutingRows: Rows, sets and the cut.

    Raises:
        ValueError: If there are no votes, fewer than 20 images with votes,
            or no corrupted copies at this severity.
    """
    clean = np.flatnonzero(table.is_clean & table.voted)
    if table.votes is None or len(clean) == 0:
        raise ValueError('no image has votes; which faces are ambiguous is '
                         'defined by votes only')
    if len(clean) < _MIN_IMAGES:
        raise ValueError(f'{len(clean)} clean images have votes; expected at '
                         f'least {_MIN_IMAGES}')
    # Clean ids are distinct and sorted: a table is.
    images = table.image_id[clean]
    ood = np.flatnonzero((table.severity == severity) & ~table.is_clean)
    ood = ood[np.isin(table.image_id[ood], images)]
    if len(ood) == 0:
        raise ValueError(f'no corrupted copies at severity {severity}; '
                         'found the severities '
                         f'{np.unique(table.severity).tolist()}')
    votes = table.votes[clean]
    ambiguous, cut = ambiguous_faces(vote_entropy(votes), ambiguous_quantile)
    sets = RoutingSets(
        num_images=len(images),
        ood=np.searchsorted(images, table.image_id[ood]),
        clean=np.arange(len(images)),
        ambiguous=ambiguous,
        halves=np.stack([split_halves(images, f'{seed}/{split}')
                         for split in range(_NUM_SPLITS)]))
    return RoutingRows(clean, ood, sets, votes, table.corruption[ood], cut)


def split_halves(image_id: np.ndarray, salt: str = '') -> np.ndarray:
    """Split images in two halves by a hash of their ids.

    Args:
        image_id (np.ndarray): ``(n,)`` distinct ids.
        salt (str): Another salt gives another split.

    Returns:
        np.ndarray: ``(n,)`` 0 or 1, of equal number up to one, whatever the
        order of the ids.
    """
    digests = [hashlib.blake2b(f'{salt}/{name}'.encode(),
                               digest_size=16).hexdigest()
               for name in image_id]
    return np.argsort(np.argsort(digests)) % 2
