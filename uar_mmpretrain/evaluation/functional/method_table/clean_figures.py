"""Figures on clean images: labels, votes, order."""

from __future__ import annotations

import numpy as np

from .. import (
    Estimate,
    PredictionTable,
    RankCorrelations,
    aurc_replicates,
    bin_index,
    equal_width_edges,
    hard_measures,
    mean_replicates,
    risk_coverage,
    soft_measures,
    vote_ceiling,
)

_NUM_BINS = 15
_Figures = dict[str, Estimate]


def label_figures(clean: PredictionTable, num_resamples: int,
                  seed: int) -> _Figures:
    """Judge predictions by labels.

    Args:
        clean (PredictionTable): Clean rows.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        dict[str, Estimate]: ``accuracy``, ``f1_macro``, ``nll`` and ``ece``.

    Raises:
        ValueError: If no image has an evaluation label.
    """
    judged = _labelled(clean)
    measures = hard_measures(judged)
    num_classes = len(judged.classes)
    pair = (judged.eval_label * num_classes +
            judged.mean_scores.argmax(1))
    columns = np.column_stack([
        np.eye(num_classes**2)[pair], measures.outcome,
        measures.means['nll'],
        _gaps(measures.confidence, measures.outcome)])
    values = _with_replicates(columns, num_resamples, seed)
    cells = num_classes**2
    confusion = values[:, :cells].reshape(-1, num_classes, num_classes)
    return dict(accuracy=_estimate(values[:, cells]),
                f1_macro=_estimate(macro_f1(confusion)),
                nll=_estimate(values[:, cells + 1]),
                ece=_estimate(np.abs(values[:, cells + 2:]).sum(1)))


def vote_figures(clean: PredictionTable, num_resamples: int,
                 seed: int) -> _Figures:
    """Judge predictions by votes: ``kl``, KL(votes || p), and ``ece_soft``.

    Args:
        clean (PredictionTable): Clean rows.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        dict[str, Estimate]: Two figures of one bootstrap.

    Raises:
        ValueError: If no image has votes.
    """
    measures = soft_measures(_voted(clean))
    columns = np.column_stack([
        measures.means['kl'], _gaps(measures.confidence, measures.outcome)])
    values = _with_replicates(columns, num_resamples, seed)
    return dict(kl=_estimate(values[:, 0]),
                ece_soft=_estimate(np.abs(values[:, 1:]).sum(1)))


def rank_figures(clean: PredictionTable, aleatoric: np.ndarray,
                 num_resamples: int, seed: int) -> _Figures:
    """Correlate aleatoric uncertainty and vote entropy by rank.

    Args:
        clean (PredictionTable): Q clean rows.
        aleatoric (np.ndarray): ``(Q,)`` nats.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        dict[str, Estimate]: ``rho``, and ``rho_of_ceiling``, divided by what
        the noise of the votes allows (:func:`.vote_ceiling`, split halves).

    Raises:
        ValueError: If no image has votes, or a score is constant.
    """
    voted = _voted(clean)
    rho = RankCorrelations(
        dict(aleatoric=aleatoric[clean.voted], votes=voted.vote_entropy()),
        num_resamples, seed).between('aleatoric', 'votes')
    ceiling = vote_ceiling(np.asarray(voted.votes), seed=seed).ceiling
    return dict(rho=rho, rho_of_ceiling=Estimate(rho.value / ceiling,
                                                 rho.replicates / ceiling))


def ordering_figures(clean: PredictionTable, score: np.ndarray,
                     num_resamples: int, seed: int) -> _Figures:
    """Answer the surest images first: ``aurc``, the risk a wrong answer.

    Args:
        clean (PredictionTable): Q clean rows.
        score (np.ndarray): ``(Q,)``, higher for less sure.
        num_resamples (int): Bootstrap replicates.
        seed (int): Seed of the bootstrap.

    Returns:
        dict[str, Estimate]: One figure.

    Raises:
        ValueError: If no image has an evaluation label.
    """
    loss = 1 - hard_measures(_labelled(clean)).outcome
    score = score[clean.eval_label >= 0]
    drawn = aurc_replicates(dict(aurc=score), loss, num_resamples, seed)
    return dict(aurc=Estimate(risk_coverage(score, loss).aurc,
                              drawn['aurc']))


def macro_f1(confusion: np.ndarray) -> np.ndarray:
    """Mean F1 of the classes that occur or are predicted.

    Args:
        confusion (np.ndarray): ``(..., C, C)`` counts or shares, the true
            class in rows.

    Returns:
        np.ndarray: ``(...,)`` values in [0, 1].
    """
    hits = 2 * np.diagonal(confusion, axis1=-2, axis2=-1)
    size = confusion.sum(-1) + confusion.sum(-2)
    f1 = np.divide(hits, size, out=np.full(size.shape, np.nan),
                   where=size > 0)
    return np.nanmean(f1, axis=-1)


def _gaps(confidence: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return ``(N, bins)`` gaps: a calibration error sums ``|mean|``."""
    gaps = np.zeros((len(outcome), _NUM_BINS))
    bins = bin_index(confidence, equal_width_edges(_NUM_BINS))
    gaps[np.arange(len(gaps)), bins] = outcome - confidence
    return gaps


def _with_replicates(columns: np.ndarray, num_resamples: int,
                     seed: int) -> np.ndarray:
    """Return ``(1 + B, K)`` means, those of the images themselves first."""
    return np.concatenate([columns.mean(0, keepdims=True),
                           mean_replicates(columns, num_resamples, seed)])


def _estimate(values: np.ndarray) -> Estimate:
    return Estimate(float(values[0]), values[1:])


def _labelled(clean: PredictionTable) -> PredictionTable:
    labelled = clean.eval_label >= 0
    if not labelled.any():
        raise ValueError('no clean image has an evaluation label')
    return clean.select(labelled)


def _voted(clean: PredictionTable) -> PredictionTable:
    if not clean.voted.any():
        raise ValueError('no clean image has votes')
    return clean.select(clean.voted)
