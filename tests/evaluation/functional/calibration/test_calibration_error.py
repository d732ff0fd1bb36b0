"""Binned calibration errors by hand and by a plain loop."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import reliability
from uar_mmpretrain.evaluation.functional.calibration.calibration_error import (  # noqa: E501
    classwise_error,
    equal_mass_edges,
    equal_width_edges,
)

CONFIDENCE = [.95, .85, .75, .65, .55, .95, .90, .60]
CORRECT = [1, 1, 0, 1, 0, 1, 0, 1]


def test_by_hand():
    found = reliability(CONFIDENCE, CORRECT, equal_width_edges(10))
    assert found.expected_error == pytest.approx(.2625)
    assert found.maximum_error == pytest.approx(.75)
    # The library's unweighted definition, to show which one ours is not.
    assert np.nanmean(np.abs(found.gap)) == pytest.approx(.32)
    # Upper edges belong to the bin below: .9 lies with .85, .6 with .55.
    assert found.count.tolist() == [0, 0, 0, 0, 0, 2, 1, 1, 2, 2]
    assert found.confidence[8] == pytest.approx(.875)
    assert found.outcome[8] == .5
    assert np.isnan(found.outcome[0])


@pytest.mark.parametrize('num_bins', [3, 7, 10, 15, 20])
def test_a_confidence_on_an_edge_lies_below_it(num_bins):
    edges = equal_width_edges(num_bins)
    on_edges = np.array([k / num_bins for k in range(num_bins + 1)])
    count = reliability(on_edges, on_edges, edges).count
    assert count.tolist() == [2] + [1] * (num_bins - 1)


def test_equals_a_loop():
    rng = np.random.default_rng(0)
    confidence, outcome = rng.random(300), rng.random(300)
    expected = 0
    for k in range(15):
        inside = [i for i, c in enumerate(confidence)
                  if k / 15 < c <= (k + 1) / 15]
        expected += abs(sum(outcome[i] - confidence[i] for i in inside)) / 300
    found = reliability(confidence, outcome, equal_width_edges(15))
    assert found.expected_error == pytest.approx(expected)


def test_a_calibrated_answer_has_no_error():
    confidence = np.repeat([.2, .5, .9], 10)
    outcome = np.concatenate([np.arange(10) < n for n in (2, 5, 9)])
    found = reliability(confidence, outcome, equal_width_edges())
    assert found.expected_error == pytest.approx(0, abs=1e-12)


def test_one_bin_leaves_the_difference_of_the_means():
    found = reliability(CONFIDENCE, CORRECT, equal_width_edges(1))
    assert found.expected_error == pytest.approx(
        abs(np.mean(CONFIDENCE) - np.mean(CORRECT)))


def test_equal_mass():
    confidence = np.linspace(.5, 1, 101)[1:]
    edges = equal_mass_edges(confidence, 4)
    assert reliability(confidence, confidence, edges).count.tolist() == [
        25, 25, 25, 25]


def test_equal_mass_keeps_ties_together_in_any_order():
    confidence = np.array([.3] * 6 + [.7] * 3 + [1.] * 3)
    outcome = np.arange(12) % 2
    edges = equal_mass_edges(confidence, 4)
    found = reliability(confidence, outcome, edges)
    assert sorted(found.count[found.count > 0].tolist()) == [3, 3, 6]
    order = np.random.default_rng(0).permutation(12)
    other = reliability(confidence[order], outcome[order],
                        equal_mass_edges(confidence[order], 4))
    assert other.expected_error == pytest.approx(found.expected_error)


def test_classwise_by_hand():
    # Two classes: .8 for class 0 on four images, of which two are right.
    scores = np.array([[.8, .2]] * 4)
    assert classwise_error(scores, np.array([0, 0, 1, 1])) == pytest.approx(
        (.3 + .3) / 2)
    # Three images of class 0, one of class 2, which is never given anything.
    scores = np.array([[.75, .25, 0]] * 4)
    assert classwise_error(scores, np.array([0, 0, 0, 2])) == pytest.approx(
        (0 + .25 + .25) / 3)


@pytest.mark.parametrize('confidence, outcome, message', [
    ([.5], [1, 0], r'shape \(1,\), outcome \(2,\)'),
    ([], [], 'no images'),
    ([.5, np.nan], [1, 0], 'confidence is nan'),
    ([.5, 80], [1, 0], 'confidence is 80 .* between 0 and 1'),
    ([.5, .5], [1, 2], 'outcome is 2'),
])
def test_refuses(confidence, outcome, message):
    with pytest.raises(ValueError, match=message):
        reliability(confidence, outcome, equal_width_edges())


def test_refuses_no_bins():
    with pytest.raises(ValueError, match='num_bins is 0'):
        equal_width_edges(0)
