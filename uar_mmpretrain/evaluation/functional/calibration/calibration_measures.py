"""What calibration asks of each image, against its label or its votes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import entr

from ..prediction_table import PredictionTable
from ..statistics.mean_bootstrap import mean_replicates, reflected_interval
from ..statistics.rank_agreement import same_ranking, same_top_two
from ..statistics.resampling import Interval, percentile_interval
from .calibration_error import bin_index, equal_width_edges, reliability
from .distribution_distances import (
    PROBABILITY_FLOOR,
    jensen_shannon,
    kl_divergence,
    squared_error,
    total_variation,
    vote_shares,
)


@dataclass(frozen=True, eq=False)
class CalibrationMeasures:
    """Quantities of N images, before averaging.

    Args:
        suffix (str): Added to the name of the calibration error.
        confidence (np.ndarray): ``(N,)`` highest mean probability.
        outcome (np.ndarray): ``(N,)`` what it is a probability of.
        means (dict[str, np.ndarray]): ``(N,)`` quantities whose means are
            reported, by name.
    """

    suffix: str
    confidence: np.ndarray
    outcome: np.ndarray
    means: dict[str, np.ndarray]

    def select(self, mask: np.ndarray) -> CalibrationMeasures:
        """Return the images a boolean mask names."""
        return replace(
            self, confidence=self.confidence[mask],
            outcome=self.outcome[mask],
            means={name: one[mask] for name, one in self.means.items()})

    def summary(self, num_bins: int) -> dict[str, float]:
        """Return the calibration error and the means, by name."""
        bins = reliability(self.confidence, self.outcome,
                           equal_width_edges(num_bins))
        return {f'ece{self.suffix}': bins.expected_error,
                **{name: float(one.mean())
                   for name, one in self.means.items()}}

    def intervals(self, num_bins: int, num_resamples: int,
                  seed: int) -> dict[str, Interval]:
        """Return a 95% interval over images for each of the summary."""
        images, gap = np.arange(len(self.outcome)), self.outcome - \
            self.confidence
        # The error is the sum over bins of |mean of gaps of that bin|.
        gaps = np.zeros((len(gap), num_bins))
        gaps[images, bin_index(self.confidence,
                               equal_width_edges(num_bins))] = gap
        columns = np.column_stack([gaps, *self.means.values()])
        drawn = mean_replicates(columns, num_resamples, seed)
        errors = np.abs(drawn[:, :num_bins]).sum(1)
        error = float(np.abs(gaps.mean(0)).sum())
        return {f'ece{self.suffix}': reflected_interval(error, errors),
                **{name: percentile_interval(drawn[:, num_bins + i])
                   for i, name in enumerate(self.means)}}


def hard_measures(table: PredictionTable) -> CalibrationMeasures:
    """Measure rows against their evaluation labels.

    Args:
        table (PredictionTable): N rows, all with an evaluation label.

    Returns:
        CalibrationMeasures: ``nll`` and ``brier``; the outcome is whether
        the prediction is right.
    """
    scores, label = table.mean_scores, table.eval_label
    truth = np.eye(len(table.classes))[label]
    likelihood = scores[np.arange(len(label)), label]
    return CalibrationMeasures(
        '', scores.max(1), (scores.argmax(1) == label).astype(np.float64),
        dict(nll=-np.log(np.maximum(likelihood, PROBABILITY_FLOOR)),
             brier=squared_error(truth, scores)))


def soft_measures(table: PredictionTable) -> CalibrationMeasures:
    """Measure rows against the votes of their annotators.

    Args:
        table (PredictionTable): N rows, all with votes.

    Returns:
        CalibrationMeasures: The quantities of
        :func:`~.calibration_report.calibration_report` that end in ``_soft``
        or compare distributions; the outcome is the vote share of the
        predicted class.
    """
    scores, votes = table.mean_scores, np.asarray(table.votes)
    shares = vote_shares(votes)
    agreement = vote_share_of_prediction(table)
    entropy_error = entr(scores).sum(1) - entr(shares).sum(1)
    return CalibrationMeasures(
        '_soft', scores.max(1), agreement,
        dict(accuracy_soft=agreement,
             brier_soft=squared_error(shares, scores),
             tv=total_variation(shares, scores),
             kl=kl_divergence(shares, scores),
             js=jensen_shannon(shares, scores),
             entropy_error=entropy_error,
             entropy_error_absolute=np.abs(entropy_error),
             ranking_score=same_ranking(votes, scores).astype(np.float64),
             top2_agreement=same_top_two(votes, scores).astype(np.float64)))


def vote_share_of_prediction(table: PredictionTable) -> np.ndarray:
    """Return the ``(N,)`` vote share of each row's predicted class.

    It is the probability that a random annotator agrees.

    Raises:
        ValueError: If a row has no votes.
    """
    shares = vote_shares(np.asarray(table.votes))
    return shares[np.arange(len(table)), table.mean_scores.argmax(1)]
