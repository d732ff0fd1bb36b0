"""A router from the predictions on a calibration split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....routing import (
    PromiseError,
    Router,
    control_risk,
    fit_router,
)
from ....routing.promises import PROMISES, check_share
from ....uncertainty import Temperature
from ....uncertainty.temperature import check_mode
from ..prediction_table import PredictionTable
from .accepted_losses import LOSSES, accepted_losses


@dataclass(frozen=True)
class CalibrationOptions:
    """What a router is calibrated for.

    Args:
        kind (str): Decomposition, see
            :func:`uar_mmpretrain.uncertainty.decompose`.
        score (str): Score to reject by: 'epistemic', or a channel.
        temperature (str): Mode of
            :class:`uar_mmpretrain.uncertainty.Temperature`.
        promise (str): 'rejection', 'risk' (which makes both promises) or
            'quantile' (which makes none).
        alpha (float): Share of clean images that may be rejected.
        delta (float): Every promise holds with confidence ``1 - delta``.
        risk (float): Mean loss on ACCEPT that 'risk' promises.
        loss (str): 'error' or 'votes', see :func:`accepted_losses`.
        ambiguous_quantile (float): Quantile of the vote entropy from which a
            face is ambiguous.
        split_seed (int): Seed that deals out the images.

    Raises:
        ValueError: If a value is not one of these, or a share is outside
            (0, 1).
    """

    kind: str = 'entropy'
    score: str = 'epistemic'
    temperature: str = 'none'
    promise: str = 'rejection'
    alpha: float = 0.05
    delta: float = 0.1
    risk: float = 0.1
    loss: str = 'error'
    ambiguous_quantile: float = 0.75
    split_seed: int = 0

    def __post_init__(self) -> None:
        for name, known in (('promise', PROMISES), ('loss', LOSSES)):
            if getattr(self, name) not in known:
                raise ValueError(
                    f'unknown {name} {getattr(self, name)!r}; expected one '
                    f'of {", ".join(known)}.')
        check_mode(self.temperature)
        for name in ('alpha', 'delta', 'risk', 'ambiguous_quantile'):
            check_share(name, getattr(self, name))


def calibrate_router(table: PredictionTable,
                     options: CalibrationOptions | None = None,
                     *,
                     checkpoint: str | None = None,
                     split: Sequence[str] = ()) -> Router:
    """Calibrate a router on the clean rows of a table.

    A promise holds only for images that nothing else was fitted on. So the
    images are dealt out, by seed, in equal parts: one for the temperature (if
    members are scaled), one for the rejection threshold, one for the risk
    (if it is promised). A plain quantile promises nothing and takes all
    images for everything.

    Args:
        table (PredictionTable): Predictions on images that were neither
            trained nor tested on.
        options (CalibrationOptions | None): None for the defaults.
        checkpoint (str | None): Fingerprint of the weights, stored.
        split (Sequence[str]): What names the split, stored.

    Returns:
        Router: With everything needed to know where it came from.

    Raises:
        KeyError: If the score is no channel of the table.
        PromiseError: If there are too few images for the promise, or no
            threshold keeps it; a ValueError.
        ValueError: If there is nothing to fit to.
    """
    options = options or CalibrationOptions()
    clean = table.clean()
    tuned, fitted, tested = _deal(clean, options)
    temperature = Temperature()
    if options.temperature != 'none':
        temperature = _fit_temperature(tuned, options.temperature)
    kept = Router(np.inf, np.inf, options.kind, score=options.score,
                  temperature=temperature)
    router = fit_router(
        kept.decompose(fitted.member_scores), fitted.vote_entropy(),
        kind=options.kind, score=options.score, channels=fitted.channels,
        promise='quantile' if options.promise == 'quantile' else 'rejection',
        rejection_rate=options.alpha, delta=options.delta,
        ambiguous_quantile=options.ambiguous_quantile)
    router = replace(
        router, temperature=temperature, classes=clean.classes,
        checkpoint=checkpoint,
        info=dict(router.info, num_calibration_images=len(clean),
                  split=list(split), split_seed=options.split_seed,
                  data_fingerprint=clean.data_fingerprint()))
    if options.promise == 'risk':
        router = control_risk(
            router, accepted_losses(router, fitted, options.loss),
            accepted_losses(router, tested, options.loss),
            risk=options.risk, delta=options.delta)
        router.promises['risk']['loss'] = options.loss
    return router


def _label_distribution(table: PredictionTable) -> np.ndarray:
    """Return the ``(R, C)`` vote shares, one-hot labels without votes.

    A row without votes and label is zero.
    """
    one_hot = np.eye(len(table.classes) + 1)[table.label, :-1]
    if table.votes is None:
        return one_hot
    total = table.votes.sum(1, keepdims=True)
    return np.divide(table.votes, total, out=one_hot, where=total > 0)


def _fit_temperature(table: PredictionTable, mode: str) -> Temperature:
    target = _label_distribution(table)
    known = target.any(1)
    if not known.any():
        raise ValueError('no calibration image has votes or a label to fit a '
                         'temperature to; use the mode none.')
    return Temperature.fit(table.member_scores[known], target[known], mode)


def _deal(table: PredictionTable,
          options: CalibrationOptions) -> list[PredictionTable]:
    """Return the images for temperature, rejection and risk."""
    if options.promise == 'quantile':
        return [table] * 3
    # That of the mixture moves no score, threshold or predicted class.
    fits = options.temperature in ('common', 'member')
    risks = options.promise == 'risk'
    number = 1 + fits + risks
    if len(table) < number:
        raise PromiseError(f'{len(table)} clean calibration images cannot be '
                           f'dealt out in {number} parts.')
    order = np.random.default_rng(options.split_seed).permutation(len(table))
    part = np.empty(len(table), dtype=np.int64)
    part[order] = np.arange(len(table)) % number
    parts = [table.select(part == i) for i in range(number)]
    return [parts[0] if fits else table, parts[fits], parts[-1]]
