"""Each score against the votes of annotators, on clean images."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..prediction_table import PredictionTable
from ..report import Report
from ..scores import ALEATORIC, EPISTEMIC
from ..statistics.correlation import bonett_wright
from .dirichlet_multinomial import dirichlet_ceiling
from .noise_ceiling import vote_ceiling
from .rank_correlations import RankCorrelations
from .within_class import within_class_spearman

NO_VOTES = ('no image has votes; the aleatoric part is validated by the '
            'entropy of annotator votes')
# With a space, so that no further score has this name.
_VOTES = 'vote entropy'


def validate_votes(table: PredictionTable, scores: Mapping[str, np.ndarray],
                   num_resamples: int, seed: int) -> Report:
    """Correlate scores with vote entropy by rank.

    Values: ``spearman_aleatoric`` on ``num_images_with_votes`` images.
    Details, U any other score: ``spearman_U``, the paired difference
    ``spearman_aleatoric_minus_U``, closed-form intervals, and what either
    part adds to the other, ``spearman_aleatoric_votes_given_epistemic`` and
    ``spearman_epistemic_votes_given_aleatoric``.

    Args:
        table (PredictionTable): R rows.
        scores (Mapping[str, np.ndarray]): ``(R,)`` scores, among them
            'aleatoric'.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        Report: Scores that are constant are left out, with a note.

    Raises:
        ValueError: If no clean image has votes, or the aleatoric score or
            the vote entropy is constant.
    """
    voted = _voted(table)
    report = Report(values=dict(num_images_with_votes=float(voted.sum())))
    columns = {_VOTES: table.vote_entropy()[voted],
               ALEATORIC: scores[ALEATORIC][voted]}
    for name, score in scores.items():
        if np.ptp(score[voted]) > 0:
            columns[name] = score[voted]
        elif name != ALEATORIC:
            report.notes[f'votes_{name}'] = (f'the score {name} is the same '
                                             'for all images with votes')
    pairs = RankCorrelations(columns, num_resamples, seed)
    with_votes = {name: pairs.between(name, _VOTES) for name in columns
                  if name != _VOTES}
    for name, estimate in with_votes.items():
        target = report.values if name == ALEATORIC else report.details
        target.update(estimate.named(f'spearman_{name}'))
        low, high = bonett_wright(estimate.value, int(voted.sum()))
        report.details[f'spearman_{name}_closed_form_low'] = low
        report.details[f'spearman_{name}_closed_form_high'] = high
        if name != ALEATORIC:
            report.details.update((with_votes[ALEATORIC] - estimate).named(
                f'spearman_{ALEATORIC}_minus_{name}'))
    if EPISTEMIC in with_votes:
        for name, given in ((ALEATORIC, EPISTEMIC), (EPISTEMIC, ALEATORIC)):
            report.details.update(pairs.partial(name, _VOTES, given).named(
                f'spearman_{name}_votes_given_{given}'))
    return report


def validate_within_class(table: PredictionTable,
                          scores: Mapping[str, np.ndarray],
                          num_resamples: int, seed: int) -> Report:
    """Correlate aleatoric uncertainty and votes within predicted classes.

    Details: ``spearman_aleatoric_within_class``, the mean over the classes
    weighted by their images, and ``spearman_aleatoric_predicted_<class>`` on
    ``..._num_images``.

    Args:
        table (PredictionTable): R rows.
        scores (Mapping[str, np.ndarray]): ``(R,)`` scores, among them
            'aleatoric'.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        Report: Details only.

    Raises:
        ValueError: If no clean image has votes, or no class has enough.
    """
    voted = _voted(table)
    within = within_class_spearman(
        scores[ALEATORIC][voted], table.vote_entropy()[voted],
        table.mean_scores.argmax(1)[voted], num_resamples, seed)
    report = Report(details=within.mean.named(
        f'spearman_{ALEATORIC}_within_class'))
    for label, estimate in within.by_class.items():
        key = f'spearman_{ALEATORIC}_predicted_{table.classes[label]}'
        report.details.update(estimate.named(key))
        report.details[f'{key}_num_images'] = float(within.num_images[label])
    return report


def validate_ceiling(table: PredictionTable, rho: float | None,
                     seed: int) -> Report:
    """Say how well any score could predict these votes.

    Values: ``vote_ceiling`` (split halves), ``vote_ceiling_dirichlet``
    (simulated from a fitted model) and ``spearman_aleatoric_of_ceiling``,
    ``..._dirichlet``. Details: what the ceilings come from.

    Args:
        table (PredictionTable): R rows.
        rho (float | None): Correlation reached, if there is one.
        seed (int): Seed of splits and simulations.

    Returns:
        Report: Values and details.

    Raises:
        ValueError: If there are too few whole votes for a ceiling.
    """
    votes = np.asarray(table.votes)[_voted(table)]
    halves = vote_ceiling(votes, seed=seed)
    model = dirichlet_ceiling(votes, seed=seed)
    report = Report(
        values=dict(vote_ceiling=halves.ceiling,
                    vote_ceiling_dirichlet=model.ceiling),
        details=dict(
            vote_split_half=halves.half,
            vote_reliability=halves.reliability,
            vote_reliability_dirichlet=model.reliability,
            vote_concentration_dirichlet=model.concentration,
            mean_vote_entropy=float(
                table.vote_entropy()[_voted(table)].mean()),
            mean_population_entropy_dirichlet=model.mean_entropy))
    if rho is not None:
        report.values.update(
            spearman_aleatoric_of_ceiling=rho / halves.ceiling,
            spearman_aleatoric_of_ceiling_dirichlet=rho / model.ceiling)
    return report


def _voted(table: PredictionTable) -> np.ndarray:
    voted = table.is_clean & table.voted
    if not voted.any():
        raise ValueError(NO_VOTES)
    return voted
