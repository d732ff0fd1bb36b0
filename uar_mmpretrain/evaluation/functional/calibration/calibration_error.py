"""Does a confidence of 80% mean right in 80% of the cases?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NUM_BINS = 15


@dataclass(frozen=True, eq=False)
class Reliability:
    """A reliability diagram: outcomes by bin of confidence.

    Args:
        edges (np.ndarray): ``(K + 1,)`` ascending; bin k is the interval
            ``(edges[k], edges[k + 1]]``, the first also holds its lower edge.
        count (np.ndarray): ``(K,)`` images per bin.
        confidence (np.ndarray): ``(K,)`` mean confidence, NaN if empty.
        outcome (np.ndarray): ``(K,)`` mean outcome, NaN if empty.
    """

    edges: np.ndarray
    count: np.ndarray
    confidence: np.ndarray
    outcome: np.ndarray

    @property
    def gap(self) -> np.ndarray:
        """``(K,)`` outcome minus confidence, NaN if empty."""
        return self.outcome - self.confidence

    @property
    def expected_error(self) -> float:
        """Expected calibration error: absolute gaps weighted by count.

        Naeini et al., AAAI 2015, eq. 3; Guo et al., ICML 2017, eq. 3.
        """
        return float(np.nansum(self.count * np.abs(self.gap))
                     / self.count.sum())

    @property
    def maximum_error(self) -> float:
        """Maximum calibration error: the largest gap (Guo et al., eq. 5)."""
        return float(np.nanmax(np.abs(self.gap)))


def equal_width_edges(num_bins: int = NUM_BINS) -> np.ndarray:
    """Return ``(K + 1,)`` edges of bins of the same width on [0, 1]."""
    check_num_bins(num_bins)
    # Not linspace: 6 / 10 is the same double as 0.6, so that a confidence
    # written as an edge lies in the bin below it.
    return np.arange(num_bins + 1) / num_bins


def equal_mass_edges(confidence: np.ndarray,
                     num_bins: int = NUM_BINS) -> np.ndarray:
    """Return edges of bins that hold about the same number of images.

    Equal confidences stay together, so that nothing depends on the order of
    the images; bins that would be empty for that are left out.

    Args:
        confidence (np.ndarray): ``(N,)`` values.
        num_bins (int): Number of bins aimed at.

    Returns:
        np.ndarray: ``(K + 1,)`` strictly ascending edges, K at most
        ``num_bins``.
    """
    check_num_bins(num_bins)
    inner = np.quantile(confidence, np.arange(1, num_bins) / num_bins)
    inner = inner[(inner > 0) & (inner < 1)]
    return np.unique(np.r_[0., inner, 1.])


def reliability(confidence: np.ndarray, outcome: np.ndarray,
                edges: np.ndarray) -> Reliability:
    """Sort images into bins of confidence.

    Args:
        confidence (np.ndarray): ``(N,)`` probabilities.
        outcome (np.ndarray): ``(N,)`` what they are a probability of: 0 or 1,
            or a share of votes.
        edges (np.ndarray): ``(K + 1,)`` ascending, from 0 to 1.

    Returns:
        Reliability: Counts and means per bin.

    Raises:
        ValueError: If there are no images, the lengths differ, or a value
            is outside [0, 1].
    """
    confidence = np.asarray(confidence, dtype=np.float64)
    outcome = np.asarray(outcome, dtype=np.float64)
    _check(confidence, outcome)
    bins = bin_index(confidence, edges)
    count = np.bincount(bins, minlength=len(edges) - 1)
    means = [np.divide(np.bincount(bins, values, len(count)), count,
                       out=np.full(len(count), np.nan), where=count > 0)
             for values in (confidence, outcome)]
    return Reliability(edges, count, *means)


def bin_index(confidence: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the ``(N,)`` bin of each value, see :class:`Reliability`."""
    # Means of float32 probabilities may exceed 1 by their last digit.
    inside = np.searchsorted(edges, confidence, side='left') - 1
    return np.clip(inside, 0, len(edges) - 2)


def classwise_error(scores: np.ndarray, label: np.ndarray,
                    num_bins: int = NUM_BINS) -> float:
    """Mean over classes of the calibration error of that class's probability.

    Kull et al., NeurIPS 2019 (classwise-ECE): each class against the rest,
    equal-width bins.

    Args:
        scores (np.ndarray): ``(N, C)`` probabilities.
        label (np.ndarray): ``(N,)`` true classes.
        num_bins (int): Bins per class.

    Returns:
        float: Value in [0, 1].
    """
    edges = equal_width_edges(num_bins)
    return float(np.mean([
        reliability(scores[:, c], label == c, edges).expected_error
        for c in range(scores.shape[1])
    ]))


def check_num_bins(num_bins: int) -> None:
    """Refuse a number of bins that is not at least one.

    Raises:
        ValueError: If it is not.
    """
    if num_bins < 1:
        raise ValueError(f'num_bins is {num_bins}; expected at least 1.')


def _check(confidence: np.ndarray, outcome: np.ndarray) -> None:
    if confidence.ndim != 1 or confidence.shape != outcome.shape:
        raise ValueError(f'confidence has shape {confidence.shape}, outcome '
                         f'{outcome.shape}; expected one value per image in '
                         'both.')
    if len(confidence) == 0:
        raise ValueError('no images; a reliability diagram needs some.')
    for name, values in (('confidence', confidence), ('outcome', outcome)):
        bad = ~((values >= -1e-3) & (values <= 1 + 1e-3))
        if bad.any():
            raise ValueError(f'{name} is {values[bad][0]:g} for an image; '
                             'expected a share between 0 and 1.')
