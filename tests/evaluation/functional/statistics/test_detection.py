"""AUROC by hand and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from uar_mmpretrain.evaluation.functional import auroc

OOD = [.9, .8, .7, .6, .5, .4, .3, .2, .15, .1]
AMBIGUOUS = [.05, .12, .25, .35, .65]


def test_hand_case_and_its_mirror():
    assert auroc(OOD, AMBIGUOUS) == pytest.approx(.70)
    assert auroc(AMBIGUOUS, OOD) == pytest.approx(.30)


def test_ties_count_one_half():
    assert auroc([1., 1.], [1., 1.]) == .5
    assert auroc([1., 2.], [1.]) == .75


def scores(seed=0):
    rng = np.random.default_rng(seed)
    return np.round(rng.normal(.5, 1, 80), 1), np.round(rng.normal(size=50), 1)


def reference(ood, id_, *weights):
    truth = np.r_[np.ones(len(ood)), np.zeros(len(id_))]
    return roc_auc_score(truth, np.r_[ood, id_],
                         sample_weight=np.concatenate(weights)
                         if weights else None)


def test_equals_scikit_learn():
    ood, id_ = scores()
    assert auroc(ood, id_) == pytest.approx(reference(ood, id_))


def test_weights_are_repetitions():
    ood, id_ = scores()
    rng = np.random.default_rng(1)
    w_ood, w_id = rng.integers(0, 4, 80), rng.integers(0, 4, 50)
    found = auroc(ood, id_, w_ood, w_id)
    assert found == pytest.approx(
        auroc(np.repeat(ood, w_ood), np.repeat(id_, w_id)))
    assert found == pytest.approx(reference(ood, id_, w_ood, w_id))


@pytest.mark.parametrize('arguments, message', [
    (([], [1.]), 'ood has no scores'),
    (([1.], []), 'id has no scores'),
    (([1., np.nan], [1.]), 'ood has 1 scores that are NaN'),
    (([1.], [1.], [1, 1]), 'expected 1 values'),
    (([1.], [1.], [-1]), 'at least 0'),
    (([1.], [1.], [0]), 'all zero'),
])
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        auroc(*arguments)
