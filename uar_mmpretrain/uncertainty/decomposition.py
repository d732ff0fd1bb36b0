"""Split predictive uncertainty into an aleatoric and an epistemic part.

Every kind takes member scores ``(N, M, C)`` and gives three ``(N,)`` parts
that add up, ``total = aleatoric + epistemic``. With ``p_m`` the probabilities
of member ``m`` and ``p`` their mean:

==============  ===============  =================  ========================
kind            total            aleatoric          epistemic
==============  ===============  =================  ========================
entropy         ``H[p]``         ``mean H[p_m]``    mutual information
variance        ``sum p(1-p)``   mean ``p_m(1-p_m)``  ``sum Var_m(p_m)``
pairwise_kl     mean cross       ``mean H[p_m]``    mean ``KL(p_m || p_m')``
                entropy
==============  ===============  =================  ========================
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Union

import numpy as np
import torch

from .tracing import is_traced

Array = Union[np.ndarray, torch.Tensor]

_Parts = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class Decomposition:
    """Total, aleatoric and epistemic uncertainty of N predictions.

    Higher means more uncertain. All three are ``(N,)`` and of the type
    (tensor or array) of the scores they came from; in nats, except for the
    kind 'variance', whose unit is squared probability.

    Args:
        total (Array): ``(N,)`` total uncertainty.
        aleatoric (Array): ``(N,)`` part that more members would not remove.
        epistemic_or_none (Array | None): ``(N,)`` disagreement of the
            members; None if there was only one.
    """

    total: Any
    aleatoric: Any
    epistemic_or_none: Any = None

    @property
    def has_epistemic(self) -> bool:
        """Whether there were at least two members."""
        return self.epistemic_or_none is not None

    @property
    def epistemic(self) -> Any:
        """``(N,)`` epistemic part.

        Round-off can leave values down to about -1e-7; they are kept, so that
        the parts add up.

        Raises:
            ValueError: If the scores had a single member, which has nothing
                to disagree with.
        """
        if self.epistemic_or_none is None:
            raise ValueError(
                'one member has no epistemic uncertainty (M = 1); expected '
                'member scores of at least two members or stochastic passes. '
                'Test an ensemble, or use only total and aleatoric.')
        return self.epistemic_or_none


def decompose(member_scores: Array, kind: str = 'entropy') -> Decomposition:
    """Decompose the predictive uncertainty of member scores.

    Args:
        member_scores (Array): ``(N, M, C)`` class probabilities of M members,
            each row summing to 1. float16 and bfloat16 are promoted to
            float32; ``0 log 0 = 0``.
        kind (str): 'entropy' (Depeweg et al., arXiv 1710.07283, eq. 11),
            'variance' (law of total variance per class, Sale et al., arXiv
            2406.02354, with divisor M) or 'pairwise_kl' (Schweighofer et
            al., arXiv 2311.08309; divisor M^2, the zero diagonal included,
            without which the parts would not add up).

    Returns:
        Decomposition: ``(N,)`` parts, tensors for tensor input, arrays for
        array input. Reading ``epistemic`` raises ValueError for M = 1.

    Raises:
        TypeError: If the scores are neither a tensor nor an array of floats.
        ValueError: If the shape is not ``(N, M, C)``, a score is negative or
            not finite, a row does not sum to 1, or the kind is unknown.
    """
    if kind not in _KINDS:
        raise ValueError(f'unknown decomposition {kind!r}; expected one of '
                         f'{", ".join(_KINDS)}.')
    scores = _as_checked_tensor(member_scores)
    total, aleatoric = _KINDS[kind](scores)
    parts: list[Any] = [total, aleatoric]
    if scores.shape[1] > 1:
        parts.append(total - aleatoric)
    if isinstance(member_scores, np.ndarray):
        parts = [part.numpy() for part in parts]
    return Decomposition(*parts)


def _entropy(scores: torch.Tensor) -> _Parts:
    total = torch.special.entr(scores.mean(1)).sum(-1)
    return total, torch.special.entr(scores).sum(-1).mean(1)


def _variance(scores: torch.Tensor) -> _Parts:
    mean = scores.mean(1)
    total = (mean * (1 - mean)).sum(-1)
    return total, (scores * (1 - scores)).sum(-1).mean(1)


def _pairwise_kl(scores: torch.Tensor) -> _Parts:
    # mean over m, m' of CE(p_m, p_m') = CE(p, geometric mean of the members),
    # so that no (M, M) table is needed. A class with p_m' = 0 < p costs
    # infinity, as KL does; a class no member names costs nothing.
    mean = scores.mean(1)
    log_mean = scores.log().mean(1)
    cross = torch.where(mean > 0, -mean * log_mean, 0)
    return cross.sum(-1), torch.special.entr(scores).sum(-1).mean(1)


_KINDS: dict[str, Callable[[torch.Tensor], _Parts]] = {
    'entropy': _entropy,
    'variance': _variance,
    'pairwise_kl': _pairwise_kl,
}


def _as_checked_tensor(member_scores: Array) -> torch.Tensor:
    """Return ``(N, M, C)`` float32 or float64 scores, checked."""
    if isinstance(member_scores, np.ndarray):
        scores = torch.from_numpy(np.ascontiguousarray(member_scores))
    elif isinstance(member_scores, torch.Tensor):
        scores = member_scores.detach()
    else:
        raise TypeError('member_scores is a '
                        f'{type(member_scores).__name__}; expected a tensor '
                        'or numpy array of shape (N, M, C).')
    if not scores.is_floating_point():
        raise TypeError(f'member_scores has dtype {scores.dtype}; expected '
                        'floating-point probabilities.')
    if scores.ndim != 3 or scores.shape[1] < 1 or scores.shape[2] < 2:
        raise ValueError(
            f'member_scores has shape {tuple(scores.shape)}; expected (N, M, '
            'C): images, members, classes, with M >= 1 and C >= 2.')
    # Half precision sums to 1 only within its own rounding.
    tolerance = 1e-2 if scores.element_size() == 2 else 1e-3
    if scores.element_size() == 2:
        scores = scores.float()
    if not is_traced():
        _check_probabilities(scores, tolerance)
    return scores


def _check_probabilities(scores: torch.Tensor, tolerance: float) -> None:
    """Raise for the first image whose scores are not probabilities."""
    valid = torch.isfinite(scores).all(-1) & (scores >= 0).all(-1)
    off = (scores.sum(-1) - 1).abs()
    bad = ~valid | (off > tolerance)
    if not bad.any():
        return
    image, member = (int(i) for i in bad.nonzero()[0])
    row = scores[image, member]
    hint = ('Pass softmax outputs, not logits.' if row.isfinite().all() else
            'Check the weights of this member.')
    raise ValueError(
        f'member_scores[{image}, {member}] = {row.tolist()} (sum '
        f'{float(row.sum()):.4f}) is not a probability distribution; '
        f'{int(bad.any(1).sum())} of {len(scores)} images are affected. '
        f'{hint}')
