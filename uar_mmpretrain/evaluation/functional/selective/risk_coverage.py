"""What is gained by answering only where the model is sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..statistics.resampling import resample_counts


@dataclass(frozen=True, eq=False)
class RiskCoverage:
    """The whole risk-coverage curve of one score, one point per image.

    Args:
        risk (np.ndarray): ``(N,)`` mean loss of the ``k = 1 ... N`` images
            with the lowest scores. Images with equal scores come in random
            order: the risk is the expected one.
        best (np.ndarray): ``(N,)`` the same for the best order there is, by
            the loss itself.
    """

    risk: np.ndarray
    best: np.ndarray

    @property
    def coverage(self) -> np.ndarray:
        """``(N,)`` share of images answered, ``k / N``."""
        return np.arange(1, len(self.risk) + 1) / len(self.risk)

    @property
    def aurc(self) -> float:
        """Mean selective risk over the coverages (Geifman et al. 2019)."""
        return float(self.risk.mean())

    @property
    def eaurc(self) -> float:
        """Excess of the AURC over the best order, exactly.

        Geifman et al., ICLR 2019, without their approximation of the best
        order's area.
        """
        return float((self.risk - self.best).mean())

    @property
    def augrc(self) -> float:
        """Area under the generalised risk, ``coverage x risk``.

        The mean loss of undetected failures (Traub et al., NeurIPS 2024,
        arXiv 2407.01032), by the trapezoidal rule from coverage 0; for 0/1
        losses of mean e it is ``(1 - AUROC) e (1 - e) + e^2 / 2``, with the
        AUROC of failures against successes.
        """
        generalised = np.r_[0., self.coverage * self.risk]
        return float((generalised[1:] + generalised[:-1]).mean() / 2)

    def risk_at(self, coverage: float) -> float:
        """Risk if at least this share of the images is answered."""
        # A share like 0.8 of 10 images must not become 9 by round-off.
        needed = int(np.ceil(coverage * len(self.risk) - 1e-9))
        return float(self.risk[max(needed, 1) - 1])

    def coverage_at(self, risk: float) -> float:
        """Largest share of images answered at this risk or less, 0 if none."""
        allowed = np.flatnonzero(self.risk <= risk + 1e-12)
        return float(self.coverage[allowed[-1]]) if len(allowed) else 0.


def risk_coverage(score: np.ndarray, loss: np.ndarray) -> RiskCoverage:
    """Answer the images in the order of a score.

    Args:
        score (np.ndarray): ``(N,)``, higher for more uncertain.
        loss (np.ndarray): ``(N,)``, e.g. 1 for a wrong answer.

    Returns:
        RiskCoverage: Exact curves, without bins.

    Raises:
        ValueError: If there are no images, the lengths differ, or a value
            is not finite.
    """
    score, loss = _checked(score, loss)
    order, starts = _groups(score)
    sizes = np.diff(np.r_[starts, len(score)])
    # In a random order of ties, each place has the mean loss of its group.
    expected = np.add.reduceat(loss[order], starts) / sizes
    places = np.arange(1, len(score) + 1)
    return RiskCoverage(np.cumsum(np.repeat(expected, sizes)) / places,
                        np.cumsum(np.sort(loss)) / places)


def aurc_replicates(scores: Mapping[str, np.ndarray], loss: np.ndarray,
                    num_resamples: int,
                    seed: int = 0) -> dict[str, np.ndarray]:
    """Draw images with replacement and measure each score's AURC.

    An image drawn w times is a group of w ties. A group of W places and mean
    loss m after K places with loss S in all adds
    ``sum_j (S + j m) / (K + j) = W m + (S - K m) (h(K + W) - h(K))``,
    j = 1 ... W, with the harmonic numbers h; so scores are sorted only once.

    Args:
        scores (Mapping[str, np.ndarray]): ``(N,)`` scores by name.
        loss (np.ndarray): ``(N,)``.
        num_resamples (int): Replicates B.
        seed (int): Seed of the draws.

    Returns:
        dict[str, np.ndarray]: ``(B,)`` values by name, of the same draws.
    """
    sorted_once = {}
    for name, score in scores.items():
        score, loss = _checked(score, loss)
        sorted_once[name] = _groups(score)
    harmonic = np.r_[0., np.cumsum(1 / np.arange(1, len(loss) + 1))]
    out: dict[str, list[np.ndarray]] = {name: [] for name in scores}
    for counts in resample_counts(len(loss), num_resamples, seed):
        for name, (order, starts) in sorted_once.items():
            out[name].append(_aurc(counts[:, order], loss[order], starts,
                                   harmonic))
    return {name: np.concatenate(parts) for name, parts in out.items()}


def _aurc(counts: np.ndarray, loss: np.ndarray, starts: np.ndarray,
          harmonic: np.ndarray) -> np.ndarray:
    """Return ``(b,)`` areas; counts and losses are in the score's order."""
    num_images = counts.shape[1]
    total = counts * loss
    mean: np.ndarray = loss
    if len(starts) < num_images:
        counts = np.add.reduceat(counts, starts, axis=1)
        total = np.add.reduceat(total, starts, axis=1)
        mean = np.divide(total, counts, out=np.zeros_like(total),
                         where=counts > 0)
    after = np.cumsum(counts, axis=1)
    lost_before = np.cumsum(total, axis=1) - total
    places = np.diff(harmonic[after], axis=1, prepend=0.)
    area = total + (lost_before - (after - counts) * mean) * places
    return area.sum(1) / num_images


def _groups(score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ascending order, and where equal scores start in it."""
    order = np.argsort(score, kind='stable')
    ordered = score[order]
    return order, np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])


def _checked(score: np.ndarray,
             loss: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    score = np.asarray(score, dtype=np.float64)
    loss = np.asarray(loss, dtype=np.float64)
    if score.ndim != 1 or score.shape != loss.shape:
        raise ValueError(f'score has shape {score.shape}, loss {loss.shape}; '
                         'expected one value per image in both.')
    if len(score) == 0:
        raise ValueError('no images; a risk-coverage curve needs some.')
    for name, values in (('score', score), ('loss', loss)):
        if not np.isfinite(values).all():
            raise ValueError(f'{name} is not finite for '
                             f'{int((~np.isfinite(values)).sum())} images; '
                             'leave them out.')
    return score, loss
