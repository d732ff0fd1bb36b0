"""The routing rule."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..uncertainty import Decomposition, Temperature, decompose
from .actions import Action
from .arrays import as_float64, without_nan
from .conformal import conformal_p_values
from .router_file import read_record, write_record

EPISTEMIC = 'epistemic'


@dataclass(frozen=True)
class Router:
    """Route by epistemic uncertainty first, then by aleatoric.

    REJECT where ``epistemic > tau_epistemic``; else REPORT where
    ``aleatoric > tau_aleatoric``; else ACCEPT (arXiv 2606.22725, abstract;
    the order and the strict inequalities are this project's convention, so a
    value equal to its threshold passes). A channel, such as a feature
    density, may stand in for the epistemic part.

    Args:
        tau_epistemic (float): Rejection threshold in nats, or in the unit of
            the channel.
        tau_aleatoric (float): Reporting threshold in nats.
        kind (str): Decomposition the thresholds belong to; see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        info (dict): What the thresholds were calibrated on; JSON values.
        score (str): What ``tau_epistemic`` is compared with: 'epistemic', or
            the name of a channel.
        temperature (Temperature): Applied to the members first.
        classes (Sequence[str]): Class order; empty if unknown.
        checkpoint (str | None): Fingerprint of the weights, see
            :func:`fingerprint_weights`; None if unknown.
        promises (dict): What holds beyond the calibration images, by name.
        calibration_scores (Sequence[float]): Rejection scores of the
            calibration images, for :meth:`p_value`.

    Raises:
        ValueError: If a threshold or calibration score is NaN, or the
            temperature is not valid.
    """

    tau_epistemic: float
    tau_aleatoric: float
    kind: str = 'entropy'
    info: dict[str, Any] = field(default_factory=dict)
    score: str = EPISTEMIC
    temperature: Temperature = field(default_factory=Temperature)
    classes: Sequence[str] = ()
    checkpoint: str | None = None
    promises: dict[str, Any] = field(default_factory=dict)
    calibration_scores: Sequence[float] = ()

    def __post_init__(self) -> None:
        for name in ('tau_epistemic', 'tau_aleatoric'):
            if math.isnan(getattr(self, name)):
                raise ValueError(f'{name} is NaN; expected a threshold in '
                                 'nats. Calibrate the router again.')
        if np.isnan(self.calibration_scores).any():
            raise ValueError('a calibration score is NaN. Calibrate the '
                             'router again.')
        # As JSON gives them, so that Router(**asdict(router)) is the router.
        changes: dict[str, Any] = dict(
            classes=tuple(self.classes),
            calibration_scores=tuple(sorted(self.calibration_scores)))
        if isinstance(self.temperature, Mapping):
            changes['temperature'] = Temperature(**self.temperature)
        for name, value in changes.items():
            object.__setattr__(self, name, value)

    # ------------------------------------------------------------ routing

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

    # ------------------------------------------------------------- checks

    def check(self,
              *,
              classes: Sequence[str] | None = None,
              kind: str | None = None,
              checkpoint: str | None = None) -> None:
        """Refuse to route for something it was not calibrated for.

        What the router or the caller does not know is not compared.

        Args:
            classes (Sequence[str] | None): Class order of the data set.
            kind (str | None): Decomposition in use.
            checkpoint (str | None): Fingerprint of the weights in use.

        Raises:
            ValueError: If one of them is not what is stored.
        """
        pairs = {
            'classes': (', '.join(self.classes), ', '.join(classes or ())),
            'decomposition': (self.kind, kind),
            'checkpoint': (self.checkpoint, checkpoint),
        }
        for name, (stored, found) in pairs.items():
            if stored and found and stored != found:
                raise ValueError(
                    f'this router was calibrated for the {name} {stored}; '
                    f'found {found}. Calibrate one for this test with '
                    'tools/calibrate_routing.py, or move the router away.')

    def cuts_plane(self, kind: str) -> bool:
        """Whether the thresholds cut the parts of unscaled members."""
        return (self.score == EPISTEMIC and self.kind == kind
                and self.temperature.mode in ('none', 'mixture'))

    # --------------------------------------------------------------- file

    def summary(self) -> dict[str, Any]:
        """Return the fields without the calibration scores, for reports."""
        return asdict(replace(self, calibration_scores=()))

    def save(self, path: str | Path) -> None:
        """Write the router as JSON (beside, then renamed)."""
        write_record(asdict(self), path)

    @classmethod
    def load(cls, path: str | Path) -> Router:
        """Read a router written by :meth:`save`.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is not a router, of another format, or a
                value is not valid.
        """
        record = read_record(path)
        try:
            return cls(**record)
        except TypeError as error:
            raise ValueError(f'{path}: {error}; expected the fields '
                             f'{", ".join(cls.__annotations__)}.') from error
        except ValueError as error:
            raise ValueError(f'{path}: {error}') from error
