"""What action units say about an expression."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import yaml
from torch import Tensor, nn

from ...datasets.categories import resolve_classes
from ...datasets.synthetic import ACTION_UNITS

_TABLE = Path(__file__).with_name('au_prior.yaml')


class AUPrior(nn.Module):
    """Distribution over expressions given action units (AUs).

    Bernoulli naive Bayes with soft evidence and a uniform prior over the
    classes, tempered and floored::

        l_c = sum_k a_k ln P_kc + (1 - a_k) ln (1 - P_kc)
        p   = (1 - floor) softmax(l / temperature) + floor / C

    AUs depend on each other, so that naive Bayes is far too sure of itself:
    AU6 + AU12 + AU25 give happiness .9996 at temperature 1, .63 at 5. Both
    numbers are our choice, nothing of the paper is known about them.

    Args:
        classes (int | Sequence[str], optional): 7, 8 or the names of the C
            classes in the order of the head; None for all eight.
        table (str, optional): A yaml file in place of the one that comes
            with the package: ``unnamed``, the probability of an AU that a
            row does not name, and ``classes``, a probability by AU number
            for each class. AUs are those of ``ACTION_UNITS``.
        temperature (float): Divides the log-likelihoods.
        floor (float): Share of the uniform distribution.

    Raises:
        ValueError: If the table lacks a class, names an AU that is not read,
            holds a number that is no probability inside (0, 1), or an
            argument is out of range.
    """

    log_shown: Tensor
    log_absent: Tensor

    def __init__(self,
                 classes: int | Sequence[str] | None = None,
                 table: str | os.PathLike | None = None,
                 temperature: float = 5.,
                 floor: float = 0.05) -> None:
        super().__init__()
        if not 0 < temperature < float('inf') or not 0 <= floor <= 1:
            raise ValueError(f'temperature={temperature}, floor={floor}; '
                             'expected a number above 0 and a share.')
        self.temperature = temperature
        self.floor = floor
        shares = torch.from_numpy(
            _read_shares(Path(table or _TABLE), resolve_classes(classes)))
        # Known from the config: no part of a checkpoint.
        self.register_buffer('log_shown', shares.log(), persistent=False)
        self.register_buffer('log_absent', (1 - shares).log(),
                             persistent=False)

    @torch.no_grad()
    def forward(self, aus: Tensor) -> Tensor:
        """Return the ``(N, C)`` distributions.

        Args:
            aus (Tensor): ``(N, K)`` probabilities or intensities in [0, 1]
                of the K ``ACTION_UNITS``. What is NaN is not known and left
                out of the sum; where nothing is known the distribution is
                uniform.
        """
        known = ~aus.isnan()
        shown = torch.where(known, aus, 0.).float()[:, None]
        absent = torch.where(known, 1 - aus, 0.).float()[:, None]
        # No matrix product: autocast would round it to half precision.
        logits = (shown * self.log_shown + absent * self.log_absent).sum(-1)
        scores = (logits / self.temperature).softmax(-1)
        return (1 - self.floor) * scores + self.floor / scores.shape[1]


def _read_rows(path: Path) -> tuple[dict[str, dict], float]:
    """Read the probabilities by AU of every class, and of AUs not named."""
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    # PyYAML raises more than YAMLError for damaged tags and numbers.
    except Exception as error:
        raise ValueError(f'{path.name}: no yaml ({str(error)[:200]}).'
                         ) from error
    rows = content.get('classes') if isinstance(content, dict) else None
    if not isinstance(rows, dict) or 'unnamed' not in content:
        raise ValueError(f"{path.name}: expected the keys 'unnamed' and "
                         "'classes'.")
    odd = [name for name, row in rows.items() if not isinstance(row, dict)]
    if odd:
        raise ValueError(f'{path.name}, {odd[0]}: expected probabilities by '
                         'AU, {} where no AU is typical.')
    return rows, _as_number(path, content['unnamed'])


def _as_number(path: Path, value: object) -> float:
    if type(value) not in (int, float):
        raise ValueError(f'{path.name}: {str(value)[:40]!r}; expected a '
                         'probability.')
    # An integer may be too large for a float; it is out of range anyway.
    return float(max(min(value, 2), -1))  # type: ignore[call-overload]


def _read_shares(path: Path, classes: Sequence[str]) -> np.ndarray:
    """Read ``(C, K)`` probabilities of the AUs given each class."""
    rows, unnamed = _read_rows(path)
    missing = [name for name in classes if name not in rows]
    if missing:
        raise ValueError(f'{path.name} has no row for {", ".join(missing)}; '
                         'add it to classes, {} where no AU is typical.')
    shares = np.full((len(classes), len(ACTION_UNITS)),
                     unnamed, dtype=np.float32)
    for row, name in zip(shares, classes):
        for number, share in rows[name].items():
            if type(number) is not int or number not in ACTION_UNITS:
                raise ValueError(
                    f'{path.name}, {name}: AU{number} is none of those read, '
                    f'{", ".join(map(str, ACTION_UNITS))}.')
            row[ACTION_UNITS.index(number)] = _as_number(path, share)
    if not ((shares > 0) & (shares < 1)).all():
        raise ValueError(f'{path.name}: expected probabilities above 0 and '
                         'below 1; an AU that is always or never shown '
                         'would rule classes out.')
    return shares
