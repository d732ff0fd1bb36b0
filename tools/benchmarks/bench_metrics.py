"""Time the bootstraps of the metrics, ours against plain Python.

Spearman: ``scipy.stats.bootstrap`` around ``scipy.stats.spearmanr``. AUROC by
image: a loop that draws images, repeats their clean rows and all their
corrupted copies, and calls ``sklearn.metrics.roc_auc_score`` for every
corruption and severity. Both draw the same images as ours, so every replicate
is compared; both are timed on a few replicates, and their time for all of
them is that times the number of replicates, as nothing is shared between
replicates::

    python tools/benchmarks/bench_metrics.py
    python tools/benchmarks/bench_metrics.py --predictions \\
        RUN/test/predictions.parquet
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.stats import bootstrap, spearmanr
from sklearn.metrics import roc_auc_score

from uar_mmpretrain.evaluation.functional import (
    PredictionTable,
    read_table,
    resample_counts,
    shift_detection,
    spearman,
    uncertainty_scores,
)
from uar_mmpretrain.evaluation.functional.decomposition.shift_detection import (  # noqa: E501
    corrupted_groups,
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description='time the bootstraps of '
                                     'the metrics against plain Python')
    parser.add_argument('--predictions',
                        help='predictions file of a test with votes; by '
                        'default a made-up table')
    parser.add_argument('--images', type=int, default=3546,
                        help='images of the made-up table')
    parser.add_argument('--corruptions', type=int, default=15,
                        help='corruptions of the made-up table, each at 5 '
                        'severities')
    parser.add_argument('--resamples', type=int, default=10_000,
                        help='replicates of ours')
    parser.add_argument('--reference-resamples', type=int, default=20,
                        help='replicates the plain way is timed on')
    parser.add_argument('--seed', type=int, default=0)
    return parser.parse_args()


def make_table(num_images: int, num_corruptions: int,
               seed: int) -> PredictionTable:
    """Draw an ensemble of 3 on 4 classes that spreads with severity."""
    rng = np.random.default_rng(seed)
    truth = rng.dirichlet(np.full(4, .3), size=num_images)
    variants = [('clean', 0)] + [(f'corruption{k:02}', severity)
                                 for k in range(num_corruptions)
                                 for severity in range(1, 6)]
    scores = []
    for _, severity in variants:
        logits = np.log(truth + .02)[:, None] + (.4 + .05 * severity) * (
            rng.normal(size=(num_images, 3, 4)))
        scores.append(np.exp(logits) / np.exp(logits).sum(-1, keepdims=True))
    votes = rng.multinomial(10, truth)
    label = np.tile(votes.argmax(1), len(variants))
    return PredictionTable(
        image_id=np.tile([f'{i:06}' for i in range(num_images)],
                         len(variants)),
        corruption=np.repeat([name for name, _ in variants], num_images),
        severity=np.repeat([severity for _, severity in variants],
                           num_images),
        label=label, eval_label=label, member_scores=np.concatenate(scores),
        classes=('a', 'b', 'c', 'd'), votes=np.tile(votes,
                                                    (len(variants), 1)))


def timed(function: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    """Return the replicates and the seconds of one processor they took."""
    start = time.process_time()
    return function(), time.process_time() - start


def scipy_spearman(first: np.ndarray, second: np.ndarray, num_resamples: int,
                   seed: int) -> np.ndarray:
    """Return ``(B,)`` replicates by ``scipy.stats.bootstrap``."""
    found = bootstrap((first, second),
                      lambda x, y: spearmanr(x, y).statistic, paired=True,
                      vectorized=False, method='percentile',
                      n_resamples=num_resamples,
                      random_state=np.random.default_rng(seed))
    return found.bootstrap_distribution


def loop_auroc(table: PredictionTable, score: np.ndarray, num_resamples: int,
               seed: int) -> np.ndarray:
    """Return ``(B, S)`` mean AUROCs, one replicate after the other."""
    images, image = np.unique(table.image_id, return_inverse=True)
    clean = np.flatnonzero(table.is_clean)
    groups = corrupted_groups(table)
    severities = sorted({severity for severity, _ in groups})
    replicates = []
    for counts in np.concatenate(
            list(resample_counts(len(images), num_resamples, seed))):
        id_ = np.repeat(score[clean], counts[image[clean]])
        by_severity: dict[int, list[float]] = {s: [] for s in severities}
        for (severity, _), rows in groups.items():
            ood = np.repeat(score[rows], counts[image[rows]])
            by_severity[severity].append(roc_auc_score(
                np.r_[np.ones(len(ood)), np.zeros(len(id_))],
                np.r_[ood, id_]))
        replicates.append([np.mean(by_severity[s]) for s in severities])
    return np.array(replicates)


def main() -> None:
    """Print one line per bootstrap."""
    args = parse_args()
    table = (read_table(args.predictions) if args.predictions else
             make_table(args.images, args.corruptions, args.seed))
    scores = uncertainty_scores(table)
    voted = table.is_clean & table.voted
    pair = scores['aleatoric'][voted], table.vote_entropy()[voted]
    score = scores['epistemic']
    out = Table('bootstrap', 'replicates', 'seconds', 'for all', 'ratio',
                'largest difference',
                title='seconds of one processor; "for all" is extrapolated '
                'where fewer replicates were run')
    # The plain AUROC takes longer per replicate than the plain Spearman.
    _compare(
        out, f'Spearman, {voted.sum():,} images', args.resamples,
        min(25 * args.reference_resamples, args.resamples),
        lambda n: spearman(*pair, n, args.seed).estimate.replicates,
        lambda n: scipy_spearman(*pair, n, args.seed))
    _compare(
        out, f'AUROC by image, {len(table):,} rows', args.resamples,
        min(args.reference_resamples, args.resamples),
        lambda n: shift_detection(table, {'score': score}, n,
                                  args.seed)['score'].replicates,
        lambda n: loop_auroc(table, score, n, args.seed))
    Console(width=110).print(out)


def _compare(out: Table, name: str, resamples: int, few: int,
             ours: Callable[[int], np.ndarray],
             plain: Callable[[int], np.ndarray]) -> None:
    """Add a line for ours and one for the plain way."""
    found, seconds = timed(lambda: ours(resamples))
    expected, slow = timed(lambda: plain(few))
    whole = slow * resamples / few
    out.add_row(f'{name}: ours', f'{resamples:,}', f'{seconds:.2f}',
                f'{seconds:.2f}', '', '')
    out.add_row('  plain', f'{few:,}', f'{slow:.2f}', f'{whole:,.0f}',
                f'{whole / seconds:,.0f} x',
                f'{np.abs(found[:few] - expected).max():.1e}')


if __name__ == '__main__':
    main()
