"""A reporting threshold that bounds the risk on accepted images."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import rel_entr
from scipy.stats import binom

from .promises import PromiseError, check_share, fewest_images


class Losses(NamedTuple):
    """Aleatoric score and loss of images that are not rejected.

    Args:
        aleatoric (np.ndarray): ``(n,)`` scores.
        loss (np.ndarray): ``(n,)`` losses in [0, 1].
    """

    aleatoric: np.ndarray
    loss: np.ndarray


def risk_threshold(tuning: Losses, testing: Losses, risk: float,
                   delta: float) -> tuple[float, dict[str, Any]]:
    """Keep the risk on ACCEPT at or below ``risk``, confidence 1 - delta.

    Split fixed-sequence testing (Angelopoulos et al., "Learn then Test",
    arXiv 2110.01052). The candidates are the aleatoric scores of the tuning
    images. The sequence begins at the candidate that looks safest there and
    goes up; each null hypothesis "the risk is above ``risk``" is tested on
    the testing images at level ``delta``, and the first that is not refused
    ends it. Neither a monotone risk nor continuous scores are assumed.

    Args:
        tuning (Losses): Images that choose the sequence.
        testing (Losses): Other images, drawn like those to come.
        risk (float): Largest mean loss of accepted images, in (0, 1).
        delta (float): Probability, over the draw of the images, of exceeding
            it; in (0, 1).

    Returns:
        tuple[float, dict]: ``tau_aleatoric``, and the record of the promise.

    Raises:
        PromiseError: If no candidate keeps the promise.
        ValueError: If ``risk`` or ``delta`` is outside (0, 1), or a loss
            outside [0, 1].
    """
    check_share('risk', risk)
    check_share('delta', delta)
    for loss in (tuning.loss, testing.loss):
        if len(loss) and not (loss.min() >= 0 and loss.max() <= 1):
            raise ValueError(f'losses from {loss.min()} to {loss.max()}; '
                             'expected values in [0, 1].')
    needed = fewest_images(risk, delta)
    if min(len(tuning.loss), len(testing.loss)) < needed:
        raise PromiseError(
            f'a risk of at most {risk:g} with confidence {1 - delta:g} needs '
            f'at least {needed} judged images in each part of the '
            f'calibration split (found {len(tuning.loss)} and '
            f'{len(testing.loss)}). Use a larger split, risk or delta.')
    candidates = np.unique(tuning.aleatoric)
    start = int(_tests(tuning, candidates, risk)[2].argmin())
    sequence = candidates[start:]
    count, total, p_value = _tests(testing, sequence, risk)
    passed = int(np.append(p_value > delta, True).argmax())
    if passed == 0:
        mean = total[0] / max(count[0], 1)
        raise PromiseError(
            f'no threshold keeps the risk at or below {risk:g} with '
            f'confidence {1 - delta:g}: of {len(testing.loss)} judged images '
            f'the {count[0]} with the lowest aleatoric scores have a mean '
            f'loss of {mean:.3f} (p = {p_value[0]:.3g}). Even without any '
            f'loss {needed} images are needed. Use a larger risk, delta or '
            'calibration split, or a better model.')
    last = passed - 1
    binary = is_binary(testing.loss)
    return float(sequence[last]), dict(
        risk=risk, delta=delta, num_images=len(testing.loss),
        num_accepted=int(count[last]),
        mean_loss=float(total[last] / count[last]),
        p_value=float(p_value[last]),
        test='exact binomial' if binary else 'Hoeffding-Bentkus',
        statement=f'mean loss of accepted images at most {risk:g}, with '
        f'confidence {1 - delta:g} over the draw of the calibration images')


def risk_p_values(total: np.ndarray, count: np.ndarray, risk: float,
                  binary: bool) -> np.ndarray:
    """P-values of "the expected loss is above ``risk``".

    Exact binomial for losses of 0 and 1. Else Hoeffding-Bentkus (Bates et
    al., arXiv 2101.02703, section 3.1), with mean loss ``m = total / count``
    and ``h`` the Kullback-Leibler divergence between two coins::

        min(exp(-n h(min(m, risk), risk)), e P(Binomial(n, risk) <= ceil(nm)))

    Args:
        total (np.ndarray): Summed losses.
        count (np.ndarray): Images n they are summed over.
        risk (float): Risk to test, in (0, 1).
        binary (bool): Whether every loss is 0 or 1.

    Returns:
        np.ndarray: P-values, 1 where there are no images.
    """
    if binary:
        # Sums of zeros and ones are exact.
        return binom.cdf(total, count, risk)
    mean = np.minimum(total / np.maximum(count, 1), risk)
    divergence = rel_entr(mean, risk) + rel_entr(1 - mean, 1 - risk)
    bentkus = np.e * binom.cdf(np.ceil(total), count, risk)
    return np.minimum(np.exp(-count * divergence), np.minimum(bentkus, 1))


def is_binary(loss: np.ndarray) -> bool:
    """Whether every loss is 0 or 1."""
    return bool(np.isin(loss, (0, 1)).all())


def _tests(images: Losses, thresholds: np.ndarray,
           risk: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return count, summed loss and p-value of ``score <= threshold``."""
    order = np.argsort(images.aleatoric)
    sums = np.append(0., np.cumsum(images.loss[order]))
    count = np.searchsorted(images.aleatoric[order], thresholds, 'right')
    total = sums[count]
    return count, total, risk_p_values(total, count, risk,
                                       is_binary(images.loss))
