"""AUROC of clean against corrupted copies, per corruption and severity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .detection import auroc, placements
from .prediction_table import PredictionTable
from .resampling import percentile_interval, resample_counts


@dataclass(frozen=True, eq=False)
class ShiftDetection:
    """How well one score tells corrupted from clean images.

    Args:
        corruptions (tuple[str, ...]): K names.
        severities (tuple[int, ...]): S severities.
        auroc (np.ndarray): ``(S, K)`` values, NaN where a corruption was not
            tested at a severity.
        low (np.ndarray): ``(S,)`` lower ends of the 95% intervals of the
            means; NaN without a bootstrap.
        high (np.ndarray): ``(S,)`` upper ends.
    """

    corruptions: tuple[str, ...]
    severities: tuple[int, ...]
    auroc: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """``(S,)`` mean over the corruptions tested at each severity."""
        return np.nanmean(self.auroc, axis=1)


def shift_detection(table: PredictionTable,
                    scores: Mapping[str, np.ndarray],
                    num_resamples: int = 0,
                    seed: int = 0) -> dict[str, ShiftDetection]:
    """Compare each score on corrupted copies with the same score on clean.

    The bootstrap draws images: the clean row of an image and all its copies
    come together, and the interval is that of the mean over corruptions.

    Args:
        table (PredictionTable): R rows, clean and corrupted.
        scores (Mapping[str, np.ndarray]): ``(R,)`` scores by name, higher
            for more uncertain.
        num_resamples (int): Bootstrap replicates; 0 for no interval.
        seed (int): Seed of the bootstrap.

    Returns:
        dict[str, ShiftDetection]: One per score.

    Raises:
        ValueError: If there are no clean or no corrupted rows.
    """
    clean = np.flatnonzero(table.is_clean)
    if len(clean) == 0 or len(clean) == len(table):
        raise ValueError(
            f'{len(clean)} clean and {len(table) - len(clean)} corrupted '
            'rows; detecting shift needs both. Test on a CorruptionSuite '
            'with include_clean=True.')
    groups = _groups(table)
    severities = sorted({severity for severity, _ in groups})
    corruptions = sorted({name for _, name in groups})
    points = {name: _points(score, clean, groups, severities, corruptions)
              for name, score in scores.items()}
    low = {name: np.full(len(severities), np.nan) for name in scores}
    high = {name: np.full(len(severities), np.nan) for name in scores}
    if num_resamples:
        for name, means in _bootstrap(table, scores, clean, groups,
                                      severities, num_resamples,
                                      seed).items():
            ends = [percentile_interval(column) for column in means.T]
            low[name], high[name] = np.array(ends).T
    return {
        name: ShiftDetection(tuple(corruptions), tuple(severities),
                             points[name], low[name], high[name])
        for name in scores
    }


def _groups(
        table: PredictionTable) -> dict[tuple[int, str], np.ndarray]:
    """Return the corrupted rows by (severity, corruption)."""
    rows = np.flatnonzero(~table.is_clean)
    order = rows[np.lexsort((table.corruption[rows], table.severity[rows]))]
    severity, name = table.severity[order], table.corruption[order]
    changes = (severity[1:] != severity[:-1]) | (name[1:] != name[:-1])
    parts = np.split(order, np.flatnonzero(changes) + 1)
    return {(int(table.severity[part[0]]), str(table.corruption[part[0]])):
            part for part in parts}


def _points(score: np.ndarray, clean: np.ndarray,
            groups: Mapping[tuple[int, str], np.ndarray],
            severities: Sequence[int],
            corruptions: Sequence[str]) -> np.ndarray:
    values = np.full((len(severities), len(corruptions)), np.nan)
    for (severity, name), rows in groups.items():
        place = severities.index(severity), corruptions.index(name)
        values[place] = auroc(score[rows], score[clean])
    return values


def _bootstrap(table: PredictionTable, scores: Mapping[str, np.ndarray],
               clean: np.ndarray,
               groups: Mapping[tuple[int, str], np.ndarray],
               severities: Sequence[int], num_resamples: int,
               seed: int) -> dict[str, np.ndarray]:
    """Return ``(B, S)`` replicates of the mean AUROC by score."""
    images, image = np.unique(table.image_id, return_inverse=True)
    prepared = {name: _Placed(score, clean, image, groups)
                for name, score in scores.items()}
    out: dict[str, list[np.ndarray]] = {name: [] for name in scores}
    for counts in resample_counts(len(images), num_resamples, seed):
        # Images first: a row of weights per image, read as a whole.
        weights = np.ascontiguousarray(counts.T, dtype=np.float32)
        for name, placed in prepared.items():
            out[name].append(placed.means(weights, severities))
    return {name: np.concatenate(chunks) for name, chunks in out.items()}


class _Placed:
    """One score, sorted once, for AUROCs under many weightings.

    Args:
        score (np.ndarray): ``(R,)`` values.
        clean (np.ndarray): Indices of the clean rows.
        image (np.ndarray): ``(R,)`` index of each row's image.
        groups (Mapping): Corrupted rows by (severity, corruption).
    """

    def __init__(self, score: np.ndarray, clean: np.ndarray,
                 image: np.ndarray,
                 groups: Mapping[tuple[int, str], np.ndarray]) -> None:
        order = clean[np.argsort(score[clean], kind='stable')]
        self.clean_image = image[order]
        self.groups = {
            key: (image[rows], *placements(score[rows], score[order]))
            for key, rows in groups.items()
        }

    def means(self, weights: np.ndarray,
              severities: Sequence[int]) -> np.ndarray:
        """Return ``(b, S)`` means for ``(n, b)`` weights of the images."""
        below = np.zeros((len(self.clean_image) + 1, weights.shape[1]),
                         dtype=np.float32)
        np.cumsum(weights[self.clean_image], axis=0, out=below[1:])
        values: dict[int, list[np.ndarray]] = {s: [] for s in severities}
        for (severity, _), (image, low, high) in self.groups.items():
            values[severity].append(_auroc(weights[image], below, low, high))
        # NaN where a replicate of a tiny set draws none of a group's images;
        # percentile_interval leaves it out.
        return np.stack([np.mean(values[s], axis=0) for s in severities], 1)


def _auroc(weights: np.ndarray, below: np.ndarray, low: np.ndarray,
           high: np.ndarray) -> np.ndarray:
    """Return ``(b,)`` AUROCs; ties count one half."""
    placed = below[low]
    if (low != high).any():
        placed = (placed + below[high]) / 2
    pairs = weights.sum(0, dtype=np.float64) * below[-1]
    correct = np.einsum('rb,rb->b', weights, placed, dtype=np.float64)
    return np.divide(correct, pairs, out=np.full(pairs.shape, np.nan),
                     where=pairs > 0)
