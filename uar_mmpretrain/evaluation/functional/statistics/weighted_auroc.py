"""Mean AUROC over corruptions, under many weightings at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from .detection import placements


class WeightedAuroc:
    """One score, sorted once, for the mean AUROC of every replicate.

    The correctly ordered pairs of a corruption are ``sum_i w_i below_i``:
    ``w_i`` is the weight of image i and ``below_i`` that of the clean images
    below its corrupted copy, an entry of a cumulative sum. Corruptions of
    the same images have equally many pairs, so their ``below_i`` are added
    first, by one sparse product for all of them.

    Args:
        score (np.ndarray): ``(R,)`` values.
        image (np.ndarray): ``(R,)`` index of each row's image.
        clean (np.ndarray): Indices of the clean rows.
        groups (Sequence[Sequence[np.ndarray]]): For each of S means, the
            rows of every corruption it is over.
    """

    def __init__(self, score: np.ndarray, image: np.ndarray,
                 clean: np.ndarray,
                 groups: Sequence[Sequence[np.ndarray]]) -> None:
        order = clean[np.argsort(score[clean], kind='stable')]
        self.clean_image = image[order]
        self.means = [_bundles(score, image, order, corruptions)
                      for corruptions in groups]

    def __call__(self, weights: np.ndarray) -> np.ndarray:
        """Return the means under every weighting.

        Args:
            weights (np.ndarray): ``(n, b)`` whole weights of the images.

        Returns:
            np.ndarray: ``(b, S)`` means, NaN where a corruption has no pair.
        """
        # Single precision is exact here: sums of whole numbers below 2^24.
        weights = weights.astype(np.float32)
        below = np.zeros((len(self.clean_image) + 1, weights.shape[1]),
                         dtype=np.float32)
        # Integers are summed up faster than floats.
        whole = weights.astype(np.int32).take(self.clean_image, axis=0)
        np.cumsum(whole, axis=0, dtype=np.int32, out=whole)
        below[1:] = whole
        return np.stack([_mean(bundles, weights, below)
                         for bundles in self.means], axis=1)


# Images of some corruptions, and how often each entry of the cumulative sum
# counts for each of these images: twice its place, or both ends of a tie.
_Bundle = tuple[np.ndarray, csr_matrix]


def _bundles(score: np.ndarray, image: np.ndarray, clean: np.ndarray,
             corruptions: Sequence[np.ndarray]) -> list[_Bundle]:
    """Put corruptions of the same images together."""
    same: dict[bytes, list[np.ndarray]] = {}
    for rows in corruptions:
        rows = rows[np.argsort(image[rows])]
        same.setdefault(image[rows].tobytes(), []).append(rows)
    bundles = []
    for parts in same.values():
        place = np.concatenate([
            end for rows in parts
            for end in placements(score[rows], score[clean])])
        images = image[parts[0]]
        row = np.tile(np.arange(len(images)), 2 * len(parts))
        shape = len(images), len(clean) + 1
        ones = np.ones(len(place), dtype=np.float32)
        bundles.append((images, csr_matrix((ones, (row, place)), shape)))
    return bundles


def _mean(bundles: Sequence[_Bundle], weights: np.ndarray,
          below: np.ndarray) -> np.ndarray:
    """Return ``(b,)`` means over all corruptions in the bundles."""
    total = np.zeros(weights.shape[1])
    corruptions = 0.
    for images, places in bundles:
        drawn = weights.take(images, axis=0)
        correct = np.einsum('ib,ib->b', drawn, places @ below,
                            dtype=np.float64) / 2
        pairs = drawn.sum(0, dtype=np.float64) * below[-1]
        total += np.divide(correct, pairs, where=pairs > 0,
                           out=np.full(pairs.shape, np.nan))
        corruptions += places.sum(dtype=np.float64) / (2 * len(images))
    return total / corruptions
