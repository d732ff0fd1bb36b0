"""The routing rule and its file."""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..uncertainty import Decomposition
from .actions import Action

_FORMAT = 'uar_mmpretrain.router/1'


@dataclass(frozen=True)
class Router:
    """Route by epistemic uncertainty first, then by aleatoric.

    REJECT where ``epistemic > tau_epistemic``; else REPORT where
    ``aleatoric > tau_aleatoric``; else ACCEPT (arXiv 2606.22725, abstract;
    the order and the strict inequalities are this project's convention, so a
    value equal to its threshold passes).

    Args:
        tau_epistemic (float): Rejection threshold in nats.
        tau_aleatoric (float): Reporting threshold in nats.
        kind (str): Decomposition the thresholds belong to; see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        info (dict): What the thresholds were calibrated on and what they
            promise; JSON values only.

    Raises:
        ValueError: If a threshold is NaN.
    """

    tau_epistemic: float
    tau_aleatoric: float
    kind: str = 'entropy'
    info: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ('tau_epistemic', 'tau_aleatoric'):
            if math.isnan(getattr(self, name)):
                raise ValueError(f'{name} is NaN; expected a threshold in '
                                 'nats. Calibrate the router again.')

    def route(self, decomposition: Decomposition) -> np.ndarray:
        """Choose one action per image.

        Args:
            decomposition (Decomposition): Arrays or tensors of shape
                ``(N,)``, in nats, of the same kind as the thresholds.

        Returns:
            np.ndarray: ``(N,)`` int8 values of :class:`Action`.

        Raises:
            ValueError: If the decomposition has no epistemic part (one
                member), or a value is NaN.
        """
        epistemic = _as_float64('epistemic', decomposition.epistemic)
        aleatoric = _as_float64('aleatoric', decomposition.aleatoric)
        actions = np.where(aleatoric > self.tau_aleatoric, Action.REPORT,
                           Action.ACCEPT)
        actions = np.where(epistemic > self.tau_epistemic, Action.REJECT,
                           actions)
        return actions.astype(np.int8)

    def save(self, path: str | Path) -> None:
        """Write the router as JSON (beside, then renamed)."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({'format': _FORMAT, **asdict(self)}, indent=2)
        beside = path.with_name(path.name + '.tmp')
        beside.write_text(text + '\n', encoding='utf-8')
        os.replace(beside, path)

    @classmethod
    def load(cls, path: str | Path) -> Router:
        """Read a router written by :meth:`save`.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is not a router, of another format, or a
                threshold is NaN.
        """
        path = Path(path)
        try:
            record = json.loads(path.read_text(encoding='utf-8'))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f'{path}: not JSON ({error}); expected a router '
                             'written by Router.save.') from error
        found = record.pop('format', None) if isinstance(record,
                                                         dict) else None
        if found != _FORMAT:
            raise ValueError(f'{path}: format {found!r}; expected '
                             f'{_FORMAT!r}. Calibrate the router again.')
        try:
            return cls(**record)
        except TypeError as error:
            raise ValueError(f'{path}: {error}; expected the fields '
                             'tau_epistemic, tau_aleatoric, kind and '
                             'info.') from error
        except ValueError as error:
            raise ValueError(f'{path}: {error}') from error


def _as_float64(name: str, part: Any) -> np.ndarray:
    """Return one part as an array; float32 would round the threshold."""
    if isinstance(part, torch.Tensor):
        part = part.detach().cpu()
    values = np.asarray(part, dtype=np.float64)
    bad = np.isnan(values)
    if bad.any():
        # NaN is above no threshold: it would be accepted.
        raise ValueError(
            f'{name} is NaN for {bad.sum()} of {len(values)} images (first: '
            f'number {bad.argmax()}); expected a number. Check the member '
            'scores.')
    return values
