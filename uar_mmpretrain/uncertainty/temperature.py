"""Temperature scaling of member scores.

For ``p = softmax(z)``, ``softmax(z / T)`` is ``p^(1/T)``, normalised: stored
probabilities are enough, no logits are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np
import torch
from scipy.optimize import minimize_scalar

from .decomposition import Array

MODES = ('none', 'common', 'member', 'mixture')
# T is searched between 1/20 and 20.
_BOUNDS = (-np.log(20), np.log(20))
# Beyond, every distribution is one class, or uniform, in single precision.
_SMALLEST, _LARGEST = 1e-9, 1e9
# What underflowed to 0 had a logit: without it T -> infinity would not lead
# to the uniform distribution.
_TINY = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class Temperature:
    """Temperatures of an ensemble (Guo et al., arXiv 1706.04599, eq. 9).

    ``T > 1`` flattens a distribution, ``T < 1`` sharpens it. With
    ``T -> infinity`` the epistemic part goes to 0 and the aleatoric part to
    ``ln C``.

    Args:
        mode (str): 'none'; 'common', one T for every member; 'member', one
            each; 'mixture', one T applied to the mean of the members, which
            leaves members and decomposition as they are.
        values (Sequence[float]): No, one or M temperatures.

    Raises:
        ValueError: If the mode is unknown, a temperature is not a number
            from 1e-9 to 1e9, or their number does not suit the mode.
    """

    mode: str = 'none'
    values: Sequence[float] = ()

    def __post_init__(self) -> None:
        check_mode(self.mode)
        # A tuple: JSON gives a list, which would never compare equal.
        object.__setattr__(self, 'values', tuple(map(float, self.values)))
        expected = {'none': 0, 'member': max(len(self.values), 1)}
        if len(self.values) != expected.get(self.mode, 1):
            raise ValueError(
                f'temperature mode {self.mode!r} with {len(self.values)} '
                "values; expected none for 'none', one for 'common' and "
                "'mixture', one per member for 'member'.")
        if not all(_SMALLEST <= value <= _LARGEST for value in self.values):
            raise ValueError(
                f'temperatures are {self.values}; expected positive numbers '
                f'from {_SMALLEST:g} to {_LARGEST:g}. Calibrate again.')

    def apply(self, member_scores: Array) -> Any:
        """Scale the members: what a decomposition is computed from.

        Args:
            member_scores (Array): ``(N, M, C)`` probabilities, tensor or
                array.

        Returns:
            Array: ``(N, M, C)`` probabilities of the same type and dtype;
            unchanged for the modes 'none' and 'mixture'.

        Raises:
            ValueError: If the mode is 'member' and M is another.
        """
        if self.mode not in ('common', 'member'):
            return member_scores
        members = member_scores.shape[1]
        if self.mode == 'member' and members != len(self.values):
            raise ValueError(
                f'{len(self.values)} temperatures for {members} members; '
                'expected one each. Calibrate again with this ensemble.')
        return _scale(member_scores, np.array(self.values)[:, None])

    def distribution(self, member_scores: Array) -> Any:
        """Return the label distribution to report.

        Args:
            member_scores (Array): As for :meth:`apply`, not yet scaled.

        Returns:
            Array: ``(N, C)`` probabilities.
        """
        mean = self.apply(member_scores).mean(1)
        if self.mode != 'mixture':
            return mean
        return _scale(mean, np.array(self.values))

    @classmethod
    def fit(cls, member_scores: np.ndarray, target: np.ndarray,
            mode: str) -> Temperature:
        """Fit temperatures to a calibration split.

        Minimises the soft negative log-likelihood, the cross entropy
        ``-sum_c q_c log p_c`` with the label distribution ``q``: of the
        mixture of the scaled members ('common'), of each member alone
        ('member'), or of the scaled mixture ('mixture'). T stays between
        1/20 and 20.

        Args:
            member_scores (np.ndarray): ``(N, M, C)`` probabilities.
            target (np.ndarray): ``(N, C)`` label distributions: vote shares,
                or one-hot labels.
            mode (str): One of ``MODES``.

        Returns:
            Temperature: The fitted temperatures.

        Raises:
            ValueError: If the mode is unknown, there are no images, a value
                is not finite, or the targets do not fit the scores.
        """
        check_mode(mode)
        scores = np.asarray(member_scores, dtype=np.float64)
        expected = (scores.shape[0], scores.shape[2])
        if target.shape != expected or len(scores) == 0:
            raise ValueError(
                f'{len(scores)} images and targets of shape {target.shape}; '
                f'fitting a temperature expects {expected}, a label '
                'distribution per image, and at least one image.')
        if not (np.isfinite(scores).all() and np.isfinite(target).all()):
            raise ValueError('scores or targets are not finite; a '
                             'temperature is fitted to numbers. Check the '
                             'checkpoint and the labels.')
        if mode == 'none':
            return cls()
        if mode == 'member':
            alone = [scores[:, [m]] for m in range(scores.shape[1])]
            return cls(mode, [_best('common', one, target) for one in alone])
        return cls(mode, [_best(mode, scores, target)])


def check_mode(mode: str) -> None:
    """Raise ValueError for an unknown mode."""
    if mode not in MODES:
        raise ValueError(f'unknown temperature mode {mode!r}; expected one '
                         f'of {", ".join(MODES)}.')


def soft_nll(probabilities: np.ndarray, target: np.ndarray) -> float:
    """Mean cross entropy of ``(N, C)`` predictions with targets, in nats."""
    log = np.log(np.maximum(probabilities, _TINY))
    return float(-(target * log).sum(1).mean())


def _best(mode: str, scores: np.ndarray, target: np.ndarray) -> float:
    """Return the T of least soft NLL."""

    def loss(log_t: float) -> float:
        scaled = Temperature(mode, [float(np.exp(log_t))])
        return soft_nll(scaled.distribution(scores), target)

    if np.ptp([loss(log_t) for log_t in (*_BOUNDS, 0.)]) < 1e-12:
        # Uniform scores are so at any T: nothing speaks for another one.
        return 1.
    search: Callable[..., Any] = minimize_scalar
    return float(np.exp(search(loss, bounds=_BOUNDS, method='bounded').x))


def _scale(scores: Array, temperature: np.ndarray) -> Any:
    """Return ``p^(1/T)``, normalised over the last axis."""
    as_array = isinstance(scores, np.ndarray)
    tensor = torch.as_tensor(scores)
    # Half precision holds neither the smallest probability nor 1 / T.
    exact = tensor.float() if tensor.element_size() == 2 else tensor
    inverse = torch.as_tensor(1 / temperature).to(exact)
    scaled = torch.softmax(exact.clamp_min(_TINY).log() * inverse, -1)
    scaled = scaled.to(tensor)
    return scaled.numpy() if as_array else scaled
