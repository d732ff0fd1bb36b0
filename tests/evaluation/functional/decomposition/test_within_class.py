"""Correlations within classes: what a class itself explains is gone."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from uar_mmpretrain.evaluation.functional import resample_counts
from uar_mmpretrain.evaluation.functional.decomposition.within_class import (
    within_class_spearman,
)


def made_up(sizes=(50, 30, 20), seed=0):
    """Both scores follow the class; within it they share a little."""
    rng = np.random.default_rng(seed)
    label = np.repeat(np.arange(len(sizes)), sizes)
    shared = rng.normal(size=len(label))
    return (5 * label + shared + rng.normal(size=len(label)),
            np.round(5 * label + shared + rng.normal(size=len(label))),
            label)


def by_hand(first, second, label):
    """Mean over the classes, weighted by their images."""
    names, sizes = np.unique(label, return_counts=True)
    return np.average([spearmanr(first[label == k], second[label == k])[0]
                       for k in names], weights=sizes)


def test_mean_and_replicates_equal_scipy():
    first, second, label = made_up()
    found = within_class_spearman(first, second, label, 15, seed=2)
    assert found.num_images == {0: 50, 1: 30, 2: 20}
    assert found.mean.value == pytest.approx(by_hand(first, second, label))
    for k, estimate in found.by_class.items():
        assert estimate.value == spearmanr(first[label == k],
                                           second[label == k]).statistic
    counts = np.concatenate(list(resample_counts(100, 15, 2)))
    for replicate, count in zip(found.mean.replicates, counts):
        rows = np.repeat(np.arange(100), count)
        assert replicate == pytest.approx(
            by_hand(first[rows], second[rows], label[rows]))


def test_what_the_class_explains_is_gone():
    first, second, label = made_up((200, 200))
    found = within_class_spearman(first, second, label, 20)
    assert spearmanr(first, second).statistic > found.mean.value + .2


def test_order_of_classes_does_not_matter():
    first, second, label = made_up()
    found, other = (within_class_spearman(first, second, names, 10)
                    for names in (label, 7 - label))
    assert other.mean.value == pytest.approx(found.mean.value)
    np.testing.assert_allclose(other.mean.replicates, found.mean.replicates)


def test_small_and_constant_classes_are_left_out():
    first, second, label = made_up((30, 9, 15))
    second = np.where(label == 2, 1., second)
    found = within_class_spearman(first, second, label, 10)
    assert set(found.by_class) == {0}
    assert found.mean.value == found.by_class[0].value
    with pytest.raises(ValueError, match='no class has 10 images'):
        within_class_spearman(first[30:], second[30:], label[30:], 10)


def test_a_draw_may_lack_a_class():
    # Only one of the ten images of class 1 differs.
    first, second, label = made_up((40, 10))
    second[40:] = np.r_[np.zeros(9), 1.]
    found = within_class_spearman(first, second, label, 100)
    undefined = np.isnan(found.by_class[1].replicates)
    assert 10 < undefined.sum() < 90
    np.testing.assert_allclose(found.mean.replicates[undefined],
                               found.by_class[0].replicates[undefined])
