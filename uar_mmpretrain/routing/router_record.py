"""What a router is made of: thresholds, and what they belong to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ..uncertainty import Temperature
from .router_file import read_record, write_record

EPISTEMIC = 'epistemic'
_Record = TypeVar('_Record', bound='RouterRecord')


@dataclass(frozen=True)
class RouterRecord:
    """Thresholds with everything that says where they may be used.

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
            calibration images, for :meth:`.Router.p_value`.

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

    def summary(self) -> dict[str, Any]:
        """Return the fields without the calibration scores, for reports."""
        return asdict(replace(self, calibration_scores=()))

    def save(self, path: str | Path) -> None:
        """Write JSON (beside, then renamed)."""
        write_record(asdict(self), path)

    @classmethod
    def load(cls: type[_Record], path: str | Path) -> _Record:
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
            known = ', '.join(one.name for one in fields(cls))
            raise ValueError(f'{path}: {error}; expected the fields '
                             f'{known}.') from error
        except ValueError as error:
            raise ValueError(f'{path}: {error}') from error
