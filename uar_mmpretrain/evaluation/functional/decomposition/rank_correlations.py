"""Rank correlations between several scores, on the same drawn images."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import spearmanr

from ..statistics.estimate import Estimate
from ..statistics.resampling import bootstrap
from ..statistics.weighted_spearman import WeightedSpearman

MIN_IMAGES = 4


class RankCorrelations:
    """Spearman's correlation of every pair of scores, with intervals.

    All pairs see the same draws, so differences between them are paired.

    Args:
        scores (Mapping[str, np.ndarray]): ``(R,)`` scores by name.
        num_resamples (int): Bootstrap replicates B; ranks are formed anew in
            each. 0 for no intervals.
        seed (int): Seed of the bootstrap.
        image (np.ndarray | None): ``(R,)`` index of each row's image, from 0
            to ``num_images - 1``; rows of an image are drawn together. By
            default every row is an image of its own.
        num_images (int | None): Number of images to draw from; by default
            the number of rows.

    Raises:
        ValueError: If the lengths differ, there are fewer than 4 rows, or a
            score contains NaN or is constant.
    """

    def __init__(self,
                 scores: Mapping[str, np.ndarray],
                 num_resamples: int,
                 seed: int = 0,
                 image: np.ndarray | None = None,
                 num_images: int | None = None) -> None:
        self._scores = {name: np.asarray(score, dtype=np.float64)
                        for name, score in scores.items()}
        _check(self._scores)
        names = list(scores)
        self._place = {name: place for place, name in enumerate(names)}
        self._replicates = np.empty((0, len(names), len(names)))
        rows = len(self._scores[names[0]])
        if num_resamples:
            images = num_images or rows
            statistic = WeightedSpearman(list(self._scores.values()), image)
            self._replicates = bootstrap(
                {'spearman': statistic}, images, num_resamples, seed,
                max(8, rows // images))['spearman']

    def between(self, first: str, second: str) -> Estimate:
        """Return the correlation of two of the scores."""
        return Estimate(
            float(spearmanr(self._scores[first],
                            self._scores[second]).statistic),
            self._replicates[:, self._place[first], self._place[second]])

    def partial(self, first: str, second: str, given: str) -> Estimate:
        """Return the correlation of two scores once a third is known.

        ``(r_xy - r_xz r_yz) / sqrt((1 - r_xz^2) (1 - r_yz^2))`` of the rank
        correlations (Kendall, Biometrika 32, 1942, for ranks; Conover,
        "Practical Nonparametric Statistics", 1999, sec. 5.4).

        Args:
            first (str): Name of x.
            second (str): Name of y.
            given (str): Name of z.

        Returns:
            Estimate: Partial correlation; NaN if z has the order of x or y.
        """
        pairs = ((first, second), (first, given), (second, given))
        known = [self.between(*pair) for pair in pairs]
        return Estimate(
            float(_partial(*(np.array(e.value) for e in known))),
            _partial(*(e.replicates for e in known)))


def _partial(xy: np.ndarray, xz: np.ndarray, yz: np.ndarray) -> np.ndarray:
    left = (1 - xz**2) * (1 - yz**2)
    return np.divide(xy - xz * yz, np.sqrt(np.maximum(left, 0)),
                     out=np.full_like(xy, np.nan), where=left > 1e-12)


def _check(scores: Mapping[str, np.ndarray]) -> None:
    shapes = {name: score.shape for name, score in scores.items()}
    first = next(iter(shapes.values()))
    if len(first) != 1 or any(shape != first for shape in shapes.values()):
        found = ', '.join(f'{name} {shape}' for name, shape in shapes.items())
        raise ValueError(f'scores have the shapes {found}; expected one '
                         'value per image in all.')
    if first[0] < MIN_IMAGES:
        raise ValueError(f'{first[0]} images; a rank correlation needs at '
                         f'least {MIN_IMAGES}.')
    for name, values in scores.items():
        if np.isnan(values).any():
            raise ValueError(f'the {name} score is NaN for '
                             f'{int(np.isnan(values).sum())} images; leave '
                             'them out.')
        if values.min() == values.max():
            raise ValueError(f'the {name} score is the same for all '
                             f'{len(values)} images ({values[0]:g}); ranks '
                             'need at least two values.')
