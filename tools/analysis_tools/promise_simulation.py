"""How often the promises of a router break, on real predictions.

The clean images of a test are taken as the whole population. Each draw
calibrates on images drawn from it with replacement, as many as half of it;
the rate a threshold has on the whole population is then known exactly. The
share of draws that break a promise is to be at most delta. Beside it stand
random halves: calibrated on one, measured on the other. The rate on that
half is itself noisy, so it exceeds a rate that is kept more often than delta.
Nothing is fitted to be used.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Callable

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from scipy.stats import binomtest

import uar_mmpretrain  # noqa: F401
from uar_mmpretrain.evaluation.functional import read_table
from uar_mmpretrain.evaluation.functional.routing.accepted_losses import (
    LOSSES,
    accepted_losses,
)
from uar_mmpretrain.routing import (
    Losses,
    PromiseError,
    Router,
    quantile_threshold,
    rejection_threshold,
    risk_threshold,
)

# Rates of a promise on (calibration, measured) rows; None if it is refused.
Trial = Callable[[np.ndarray, np.ndarray], 'float | None']


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('predictions', help='predictions.parquet or .csv')
    parser.add_argument('--draws', type=int, default=2000)
    parser.add_argument('--alpha', type=float, default=0.05)
    parser.add_argument('--risk', type=float, default=0.1)
    parser.add_argument('--delta', type=float, default=0.1)
    parser.add_argument('--seed', type=int, default=0)
    return parser.parse_args()


def rejection_trial(scores: np.ndarray, choose: Callable) -> Trial:
    """Reject by a threshold chosen on the calibration rows."""

    def trial(rows: np.ndarray, measured: np.ndarray) -> float:
        return float((scores[measured] > choose(scores[rows])[0]).mean())

    return trial


def risk_trial(images: Losses, risk: float, delta: float) -> Trial:
    """Choose the sequence on one half of the rows, test it on the other."""

    def take(rows: np.ndarray) -> Losses:
        return Losses(images.aleatoric[rows], images.loss[rows])

    def trial(rows: np.ndarray, measured: np.ndarray) -> float | None:
        half = len(rows) // 2
        try:
            tau, _ = risk_threshold(take(rows[:half]), take(rows[half:]),
                                    risk, delta)
        except PromiseError:
            return None
        accepted = images.aleatoric[measured] <= tau
        return float(images.loss[measured][accepted].mean())

    return trial


def draw_rows(size: int, draws: int, seed: int,
              halves: bool) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield calibration and measured rows."""
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        if halves:
            order = rng.permutation(size)
            yield order[:size // 2], order[size // 2:]
        else:
            yield rng.integers(size, size=size // 2), np.arange(size)


def main() -> None:
    """Entry point."""
    args = parse_args()
    table = read_table(args.predictions).clean()
    scores = table.decompose().epistemic
    all_kept = Router(np.inf, np.inf)
    trials = {
        'plain quantile': (args.alpha, len(scores), rejection_trial(
            scores, lambda s: quantile_threshold(s, args.alpha))),
        'rejection': (args.alpha, len(scores), rejection_trial(
            scores, lambda s: rejection_threshold(s, args.alpha,
                                                  args.delta))),
    }
    for loss in LOSSES:
        images = accepted_losses(all_kept, table, loss)
        trials[f'risk ({loss})'] = (args.risk, len(images.loss), risk_trial(
            images, args.risk, args.delta))
    lines = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ('promise', 'images', 'limit', 'calibrated on', 'mean rate',
                 'violations', '95% interval', 'refused'):
        lines.add_column(name, justify='right')
    for name, (limit, size, trial) in trials.items():
        for halves in (False, True):
            rates = [trial(*rows) for rows in draw_rows(
                size, args.draws, args.seed, halves)]
            found = np.array([rate for rate in rates if rate is not None])
            broken = int((found > limit).sum())
            low, high = binomtest(broken, args.draws).proportion_ci()
            lines.add_row(
                name, str(size), f'{limit:g}',
                'random half' if halves else 'i.i.d. draw',
                f'{found.mean():.4f}' if len(found) else '',
                f'{broken / args.draws:.3f}', f'{low:.3f} to {high:.3f}',
                str(args.draws - len(found)))
    Console(width=104).print(lines)
    print(f'delta {args.delta:g}, {args.draws} draws, seed {args.seed}')


if __name__ == '__main__':
    main()
