"""AUROC of clean against corrupted copies, per corruption and severity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..prediction_table import PredictionTable
from ..statistics.detection import auroc
from ..statistics.estimate import Estimate
from ..statistics.resampling import bootstrap
from ..statistics.weighted_auroc import WeightedAuroc


@dataclass(frozen=True, eq=False)
class ShiftDetection:
    """How well one score tells corrupted from clean images.

    Args:
        corruptions (tuple[str, ...]): K names.
        severities (tuple[int, ...]): S severities.
        auroc (np.ndarray): ``(S, K)`` values, NaN where a corruption was not
            tested at a severity.
        replicates (np.ndarray): ``(B, S)`` means of bootstrap replicates;
            those of all scores of a call are paired.
    """

    corruptions: tuple[str, ...]
    severities: tuple[int, ...]
    auroc: np.ndarray
    replicates: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """``(S,)`` mean over the corruptions tested at each severity."""
        return np.nanmean(self.auroc, axis=1)

    @property
    def low(self) -> np.ndarray:
        """``(S,)`` lower ends of the 95% intervals of the means, or NaN."""
        return np.array([e.interval.low for e in self.estimates])

    @property
    def high(self) -> np.ndarray:
        """``(S,)`` upper ends."""
        return np.array([e.interval.high for e in self.estimates])

    @property
    def estimates(self) -> list[Estimate]:
        """The S means with their replicates."""
        return [Estimate(float(value), self.replicates[:, i])
                for i, value in enumerate(self.mean)]


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
    groups = corrupted_groups(table)
    severities = sorted({severity for severity, _ in groups})
    corruptions = sorted({name for _, name in groups})
    points = {name: _points(score, clean, groups, severities, corruptions)
              for name, score in scores.items()}
    replicates = {name: np.empty((0, len(severities))) for name in scores}
    if num_resamples:
        images, image = np.unique(table.image_id, return_inverse=True)
        rows = [[rows for (at, _), rows in groups.items() if at == severity]
                for severity in severities]
        replicates = bootstrap(
            {name: WeightedAuroc(score, image, clean, rows)
             for name, score in scores.items()}, len(images), num_resamples,
            seed)
    return {
        name: ShiftDetection(tuple(corruptions), tuple(severities),
                             points[name], replicates[name])
        for name in scores
    }


def corrupted_groups(
        table: PredictionTable) -> dict[tuple[int, str], np.ndarray]:
    """Return the corrupted rows by (severity, corruption).

    Args:
        table (PredictionTable): R rows, clean and corrupted.

    Returns:
        dict[tuple[int, str], np.ndarray]: Indices of rows, in the order of
        their images.

    Raises:
        ValueError: If there are no clean or no corrupted rows.
    """
    rows = np.flatnonzero(~table.is_clean)
    if len(rows) in (0, len(table)):
        raise ValueError(
            f'{len(table) - len(rows)} clean and {len(rows)} corrupted '
            'rows; detecting shift needs both. Test on a CorruptionSuite '
            'with include_clean=True.')
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
