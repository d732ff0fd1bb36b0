"""Exact risk-coverage curves by hand, by loops and by what must hold."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import auroc, risk_coverage
from uar_mmpretrain.evaluation.functional.selective.risk_coverage import (
    aurc_replicates,
)
from uar_mmpretrain.evaluation.functional.statistics.resampling import (
    resample_counts,
)


@pytest.fixture
def drawn():
    """Scores with ties and 0/1 losses that follow them a little."""
    rng = np.random.default_rng(0)
    score = rng.integers(0, 12, size=60) / 12
    return score, (rng.random(60) < .1 + .6 * score).astype(float)


def test_by_hand():
    found = risk_coverage([.1, .2, .3, .4], [0, 1, 0, 1])
    np.testing.assert_allclose(found.risk, [0, 1 / 2, 1 / 3, 1 / 2])
    np.testing.assert_allclose(found.best, [0, 0, 1 / 3, 1 / 2])
    np.testing.assert_allclose(found.coverage, [.25, .5, .75, 1])
    assert found.aurc == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert found.eaurc == pytest.approx(1 / 8)
    # Generalised risk 0, 0, 1/4, 1/4, 1/2 at coverages 0 to 1.
    assert found.augrc == pytest.approx((0 + 0 + .25 + .25 + .25) / 4)


def test_ties_are_the_mean_over_their_orders(drawn):
    score, loss = drawn
    rng = np.random.default_rng(1)
    found = []
    for _ in range(4000):
        order = np.lexsort((rng.random(60), score))
        found.append(np.cumsum(loss[order]) / np.arange(1, 61))
    expected = risk_coverage(score, loss)
    np.testing.assert_allclose(np.mean(found, 0), expected.risk, atol=.03)
    assert np.mean(found) == pytest.approx(expected.aurc, abs=2e-3)


def test_equals_a_loop_without_ties():
    rng = np.random.default_rng(0)
    score, loss = rng.random(40), rng.random(40)
    found = risk_coverage(score, loss)
    risks = []
    for threshold in sorted(score):
        accepted = [loss[i] for i in range(40) if score[i] <= threshold]
        risks.append(sum(accepted) / len(accepted))
    np.testing.assert_allclose(found.risk, risks)
    assert found.aurc == pytest.approx(sum(risks) / 40)


def test_perfect_order_has_no_excess():
    loss = np.random.default_rng(0).random(50)
    assert risk_coverage(loss, loss).eaurc == 0
    wrong = (loss > .7).astype(float)
    found = risk_coverage(loss, wrong)
    assert found.eaurc == 0
    assert found.augrc == pytest.approx(wrong.mean()**2 / 2)
    assert risk_coverage(-loss, wrong).eaurc > .5


def test_a_constant_score_has_the_error_rate(drawn):
    _, loss = drawn
    found = risk_coverage(np.ones(60), loss)
    np.testing.assert_allclose(found.risk, loss.mean())
    assert found.aurc == pytest.approx(loss.mean())
    assert found.augrc == pytest.approx(loss.mean() / 2)


def test_augrc_follows_from_the_auroc(drawn):
    score, loss = drawn
    error = loss.mean()
    area = auroc(score[loss == 1], score[loss == 0])
    assert risk_coverage(score, loss).augrc == pytest.approx(
        (1 - area) * error * (1 - error) + error**2 / 2)


def test_only_the_order_of_score_and_images_counts(drawn):
    score, loss = drawn
    found = risk_coverage(score, loss)
    order = np.random.default_rng(2).permutation(60)
    for other in (risk_coverage(np.exp(5 * score) - 7, loss),
                  risk_coverage(score[order], loss[order])):
        np.testing.assert_allclose(other.risk, found.risk)
        assert other.aurc == pytest.approx(found.aurc)
        assert other.augrc == pytest.approx(found.augrc)


def test_points_of_the_curve():
    found = risk_coverage(np.arange(10.), [0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    assert found.risk_at(.8) == pytest.approx(1 / 8)
    assert found.risk_at(.75) == found.risk_at(.8)
    assert found.risk_at(0) == 0
    assert found.risk_at(1) == pytest.approx(.2)
    # One of nine is wrong; so 90% are answered at a risk of 1/9.
    assert found.coverage_at(1 / 9) == .9
    assert found.coverage_at(.11) == .4
    assert risk_coverage([0., 1.], [1, 1]).coverage_at(.5) == 0


def test_replicates_are_the_areas_of_the_drawn_images(drawn):
    score, loss = drawn
    distinct = np.random.default_rng(3).random(60)
    found = aurc_replicates(dict(a=score, b=distinct), loss, 20, seed=5)
    counts = np.concatenate(list(resample_counts(60, 20, 5)))
    for name, values in (('a', score), ('b', distinct)):
        expected = [risk_coverage(np.repeat(values, c),
                                  np.repeat(loss, c)).aurc for c in counts]
        np.testing.assert_allclose(found[name], expected)


@pytest.mark.parametrize('score, loss, message', [
    ([.1], [0, 1], r'shape \(1,\), loss \(2,\)'),
    ([], [], 'no images'),
    ([.1, np.nan], [0, 1], 'score is not finite for 1 images'),
    ([.1, .2], [0, np.inf], 'loss is not finite'),
])
def test_refuses(score, loss, message):
    with pytest.raises(ValueError, match=message):
        risk_coverage(score, loss)
