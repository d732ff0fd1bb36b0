"""AUROC per corruption and severity, and its bootstrap by image."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from uar_mmpretrain.evaluation.functional import (
    resample_counts,
    shift_detection,
    uncertainty_scores,
)


def reference(table, score, corruption, severity, counts=None):
    """scikit-learn on one corruption, images repeated as often as drawn."""
    copies = (table.corruption == corruption) & (table.severity == severity)
    rows = np.flatnonzero(table.is_clean | copies)
    if counts is not None:
        ids = np.unique(table.image_id)
        rows = np.repeat(rows, counts[np.searchsorted(
            ids, table.image_id[rows])])
    return roc_auc_score(~table.is_clean[rows], score[rows])


def test_equals_scikit_learn(table):
    score = uncertainty_scores(table)['epistemic']
    found = shift_detection(table, {'epistemic': score})['epistemic']
    assert found.corruptions == ('contrast', 'gaussian_noise', 'pixelate')
    assert found.severities == (1, 5)
    for i, severity in enumerate(found.severities):
        for k, name in enumerate(found.corruptions):
            assert found.auroc[i, k] == pytest.approx(
                reference(table, score, name, severity))
    np.testing.assert_allclose(found.mean, found.auroc.mean(1))
    assert np.isnan(found.low).all()


def test_every_replicate_equals_scikit_learn(table):
    # Rounded, so that scores tie.
    score = np.round(uncertainty_scores(table)['total'], 1)
    found = shift_detection(table, {'s': score}, num_resamples=8, seed=4)
    counts = np.concatenate(list(resample_counts(60, 8, 4)))
    for i, severity in enumerate((1, 5)):
        means = [np.mean([reference(table, score, name, severity, row)
                          for name in found['s'].corruptions])
                 for row in counts]
        low, high = np.quantile(means, [.025, .975])
        assert found['s'].low[i] == pytest.approx(low, abs=1e-6)
        assert found['s'].high[i] == pytest.approx(high, abs=1e-6)


def test_replicates_when_images_lack_copies(table):
    # Three sets of images: contrast lacks some, one image has no clean row.
    lacks = np.isin(table.image_id, [f'test/{i:04}.png' for i in range(20)])
    part = table.select(~(lacks & (table.corruption == 'contrast'))
                        & ~((table.image_id == 'test/0030.png')
                            & table.is_clean))
    score = np.round(uncertainty_scores(part)['total'], 1)
    found = shift_detection(part, {'s': score}, 10, 1)['s'].replicates
    for i, counts in enumerate(np.concatenate(
            list(resample_counts(60, 10, 1)))):
        for k, severity in enumerate((1, 5)):
            assert found[i, k] == pytest.approx(np.mean(
                [reference(part, score, name, severity, counts)
                 for name in ('contrast', 'gaussian_noise', 'pixelate')]))


def test_scores_are_paired(table):
    score = uncertainty_scores(table)['total']
    found = shift_detection(table, {'a': score, 'b': score**3}, 20)
    for a, b in zip(found['a'].estimates, found['b'].estimates):
        np.testing.assert_array_equal((a - b).replicates, 0)


def test_copying_corrupted_copies_does_not_shrink_the_interval(make_table):
    once = make_table(200, corruptions=('contrast', ))
    copy = replace(once.select(~once.is_clean))
    copy = replace(copy, corruption=np.full(len(copy), 'contrast_again'))
    twice = replace(once, **{
        name: np.concatenate([getattr(once, name), getattr(copy, name)])
        for name in ('image_id', 'corruption', 'severity', 'label',
                     'eval_label', 'member_scores', 'votes')
    })
    a, b = (shift_detection(t, {'e': uncertainty_scores(t)['epistemic']},
                            num_resamples=500)['e'] for t in (once, twice))
    np.testing.assert_allclose(b.mean, a.mean)
    np.testing.assert_allclose(b.high - b.low, a.high - a.low, rtol=1e-5)


def test_a_corruption_missing_at_one_severity(table):
    part = table.select(~((table.corruption == 'pixelate')
                          & (table.severity == 1)))
    score = uncertainty_scores(part)['epistemic']
    found = shift_detection(part, {'e': score}, num_resamples=10)['e']
    assert np.isnan(found.auroc[0, 2]) and not np.isnan(found.auroc[1, 2])
    np.testing.assert_allclose(found.mean[0], found.auroc[0, :2].mean())
    assert np.isfinite(found.low).all()


@pytest.mark.parametrize('clean', [True, False])
def test_needs_both_sides(table, clean):
    part = table.select(table.is_clean == clean)
    with pytest.raises(ValueError, match='needs both'):
        shift_detection(part, {'e': np.zeros(len(part))})
