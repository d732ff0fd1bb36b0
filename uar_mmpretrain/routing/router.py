"""The routing rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..uncertainty import Decomposition, decompose
from .actions import Action
from .arrays import as_float64, without_nan
from .conformal import conformal_p_values
from .router_record import EPISTEMIC, RouterRecord


class Router(RouterRecord):
    """Route by epistemic uncertainty first, then by aleatoric.

    REJECT where ``epistemic > tau_epistemic``; else REPORT where
    ``aleatoric > tau_aleatoric``; else ACCEPT (arXiv 2606.22725, abstract;
    the order and the strict inequalities are this project's convention, so a
    value equal to its threshold passes). A channel, such as a feature
    density, may stand in for the epistemic part.

    Arguments, checks and files are those of :class:`.RouterRecord`; the first
    two are ``tau_epistemic`` and ``tau_aleatoric``.
    """

    def decompose(self, member_scores: Any) -> Decomposition:
        """Decompose member scores as the thresholds expect it.

        Args:
            member_scores (Array): ``(N, M, C)`` probabilities as the model
                gives them; tensor or array.

        Returns:
            Decomposition: ``(N,)`` float64 parts of the members after
            temperature scaling.
        """
        scores = as_float64(member_scores)
        return decompose(self.temperature.apply(scores), self.kind)

    def route(self,
              decomposition: Decomposition,
              channels: Mapping[str, Any] | None = None) -> np.ndarray:
        """Choose one action per image.

        Args:
            decomposition (Decomposition): Arrays or tensors of shape
                ``(N,)``, in nats, from :meth:`decompose`, or from
                :func:`uar_mmpretrain.uncertainty.decompose` with the same
                kind where no temperature is used.
            channels (Mapping[str, Array] | None): ``(N,)`` further scores by
                name; needed if the router rejects by one of them.

        Returns:
            np.ndarray: ``(N,)`` int8 values of :class:`Action`.

        Raises:
            KeyError: If the router's channel is missing.
            ValueError: If the decomposition has no epistemic part (one
                member) and the router needs it, or a value is NaN.
        """
        rejection = self.rejection_score(decomposition, channels)
        aleatoric = without_nan('aleatoric', decomposition.aleatoric)
        actions = np.where(aleatoric > self.tau_aleatoric, Action.REPORT,
                           Action.ACCEPT)
        actions = np.where(rejection > self.tau_epistemic, Action.REJECT,
                           actions)
        return actions.astype(np.int8)

    def route_scores(self,
                     member_scores: Any,
                     channels: Mapping[str, Any] | None = None) -> np.ndarray:
        """Choose one action per image from what a model gives.

        Args:
            member_scores (Array): As for :meth:`decompose`.
            channels (Mapping[str, Array] | None): As for :meth:`route`.

        Returns:
            np.ndarray: ``(N,)`` int8 values of :class:`Action`.

        Raises:
            KeyError, ValueError: As :meth:`route` raises.
        """
        return self.route(self.decompose(member_scores), channels)

    def rejection_score(
            self,
            decomposition: Decomposition,
            channels: Mapping[str, Any] | None = None) -> np.ndarray:
        """Return the ``(N,)`` float64 scores that ``tau_epistemic`` cuts."""
        if self.score == EPISTEMIC:
            return without_nan(EPISTEMIC, decomposition.epistemic)
        if self.score not in (channels or {}):
            raise KeyError(
                f'the router rejects by the channel {self.score!r}; found '
                f'{sorted(channels or {})}. Test a model that writes this '
                'channel, or calibrate a router by another score.')
        return without_nan(self.score, (channels or {})[self.score])

    def p_value(self,
                decomposition: Decomposition,
                channels: Mapping[str, Any] | None = None) -> np.ndarray:
        """Conformal p-value of 'drawn like the calibration images'.

        Args:
            decomposition (Decomposition): As for :meth:`route`.
            channels (Mapping[str, Array] | None): As for :meth:`route`.

        Returns:
            np.ndarray: ``(N,)`` p-values; small for unusual inputs. See
            :func:`conformal_p_values`.

        Raises:
            KeyError, ValueError: As :meth:`route` raises; or if the router
                stores no calibration scores.
        """
        if not self.calibration_scores:
            raise ValueError('the router stores no calibration scores, so it '
                             'has no p-values. Calibrate it again.')
        return conformal_p_values(
            self.rejection_score(decomposition, channels),
            np.array(self.calibration_scores))

    def cuts_plane(self, kind: str) -> bool:
        """Whether the thresholds cut the parts of unscaled members."""
        return (self.score == EPISTEMIC and self.kind == kind
                and self.temperature.mode in ('none', 'mixture'))
