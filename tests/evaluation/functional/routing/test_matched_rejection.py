"""Thresholds and retention, by hand and against plain loops."""

import math

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import RoutingSets, auroc
from uar_mmpretrain.evaluation.functional.routing.matched_rejection import (
    MatchedRejection,
)

# uar.md section 8, items 9 and 10, times 100: midpoints are exact then.
OOD_EPISTEMIC = np.array([90, 80, 70, 60, 50, 40, 30, 20, 15, 10.])
AMBIGUOUS_EPISTEMIC = np.array([5, 12, 25, 35, 65.])
OOD_TOTAL = np.array([90, 80, 70, 65, 50, 45, 30, 25, 22, 10.])
AMBIGUOUS_TOTAL = np.array([95, 85, 75, 55, 20.])
CLEAR = 0.


def measure(ood, ambiguous, rates):
    """In-sample, with one clear face beside the ambiguous ones."""
    sets = RoutingSets(
        num_images=len(ood), ood=np.arange(len(ood)),
        clean=np.arange(len(ambiguous) + 1),
        ambiguous=np.arange(len(ambiguous) + 1) < len(ambiguous),
        halves=np.empty((0, len(ood))))
    matched = MatchedRejection(ood, np.r_[ambiguous, CLEAR], sets, rates)
    return matched(np.ones((1, len(ood)), dtype=int))


def test_hand_case_epistemic():
    found = measure(OOD_EPISTEMIC, AMBIGUOUS_EPISTEMIC, [.5, .7])
    assert found.retention[0].tolist() == [.8, .6]
    assert found.realised[0].tolist() == [.5, .7]
    assert found.clear_retention[0].tolist() == [1, 1]
    assert found.auroc[0] == pytest.approx(.70)


def test_hand_case_total():
    found = measure(OOD_TOTAL, AMBIGUOUS_TOTAL, [.5, .7])
    assert found.retention[0].tolist() == [.2, .2]
    assert found.auroc[0] == pytest.approx(.32)


def test_mean_retention_over_all_rates_is_the_auroc():
    found = measure(OOD_EPISTEMIC, AMBIGUOUS_EPISTEMIC,
                    np.arange(1, 11) / 10)
    assert found.retention.mean() == pytest.approx(.70)


def test_mean_retention_is_close_to_the_auroc_for_any_scores():
    rng = np.random.default_rng(0)
    ood, ambiguous = rng.normal(.5, 1, 200), rng.normal(size=40)
    found = measure(ood, ambiguous, np.arange(1, 201) / 200)
    # A face between the k-th and (k+1)-th copy may fall on either side.
    assert found.retention.mean() == pytest.approx(
        auroc(ood, ambiguous), abs=1 / 200)


def test_without_ties_exactly_k_are_rejected():
    ood = np.random.default_rng(0).normal(size=37)
    rates = np.arange(1, 100) / 100
    found = measure(ood, AMBIGUOUS_TOTAL, rates)
    assert found.rejected[0].tolist() == [
        math.ceil(round(r * 37, 9)) for r in rates
    ]


def test_rate_times_count_is_not_rounded_up_by_floating_point():
    assert .55 * 100 > 55
    assert measure(np.arange(100.), AMBIGUOUS_TOTAL, [.55]).rejected[0] == 55


def test_ties_reject_fewer_because_the_inequality_is_strict():
    found = measure(np.array([3., 2, 2, 2, 2, 1]), AMBIGUOUS_TOTAL, [.5])
    assert found.rejected[0, 0] == 1


def test_constant_score_rejects_nothing():
    found = measure(np.ones(10), np.ones(5), [.5])
    assert found.rejected[0, 0] == 0 and found.retention[0, 0] == 1
    assert found.auroc[0] == .5


def brute_force(ood, clean, sets, rate, half, counts):
    """The same with repeated rows and plain sorting."""
    rows = np.repeat(np.arange(len(ood)), counts[sets.ood])
    faces = np.repeat(np.arange(len(clean)), counts[sets.clean])
    rejected = kept = clear = 0
    for fit in (0, 1):
        scores = np.sort(ood[rows][half[sets.ood[rows]] == fit])[::-1]
        k = math.ceil(round(rate * len(scores), 9))
        tau = (scores[k - 1] + scores[k]) / 2
        rest = ood[rows][half[sets.ood[rows]] != fit]
        rejected += (rest > tau).sum()
        other = faces[half[sets.clean[faces]] != fit]
        below = clean[other] <= tau
        kept += (below & sets.ambiguous[other]).sum()
        clear += (below & ~sets.ambiguous[other]).sum()
    marked = sets.ambiguous[faces]
    return (rejected, len(rows), kept, marked.sum(), clear, (~marked).sum(),
            auroc(ood[rows], clean[faces][marked]))


@pytest.mark.parametrize('decimals', [1, 9])
def test_weights_and_halves_equal_repeated_rows(decimals):
    rng = np.random.default_rng(0)
    n, copies = 30, 4
    sets = RoutingSets(
        num_images=n, ood=np.tile(np.arange(n), copies), clean=np.arange(n),
        ambiguous=rng.random(n) < .4, halves=np.empty((0, n)))
    half = rng.permutation(n) % 2
    ood = np.round(rng.normal(.5, 1, n * copies), decimals)
    clean = np.round(rng.normal(size=n), decimals)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=15)
    found = MatchedRejection(ood, clean, sets, [.3, .5])(counts, half)
    for b in range(15):
        for r, rate in enumerate((.3, .5)):
            expected = brute_force(ood, clean, sets, rate, half, counts[b])
            assert (found.rejected[b, r], found.num_ood[b],
                    found.kept_ambiguous[b, r], found.num_ambiguous[b],
                    found.kept_clear[b, r], found.num_clear[b],
                    found.auroc[b]) == pytest.approx(expected)


def test_held_out_is_the_mean_over_the_splits():
    rng = np.random.default_rng(0)
    halves = np.stack([rng.permutation(20) % 2 for _ in range(3)])
    sets = RoutingSets(20, np.arange(20), np.arange(20), np.arange(20) < 8,
                       halves)
    matched = MatchedRejection(rng.normal(.5, 1, 20), rng.normal(size=20),
                               sets, [.3, .5])
    ones = np.ones((1, 20), dtype=int)
    found = matched.held_out(halves)
    for name in ('realised', 'retention', 'clear_retention', 'auroc'):
        expected = np.mean([getattr(matched(ones, half), name)
                            for half in halves], axis=0)
        np.testing.assert_allclose(getattr(found, name), expected)


def test_a_threshold_never_sees_the_half_it_is_measured_on():
    """Moving one half's copies changes nothing for that half's faces."""
    half = np.arange(12) % 2
    sets = RoutingSets(12, np.arange(12), np.arange(12), half == 1,
                       half[None])
    rng = np.random.default_rng(0)
    ood, clean = rng.normal(1, 1, 12), rng.normal(1, 1, 12)
    ones = np.ones((1, 12), dtype=int)

    def kept(copies):
        found = MatchedRejection(copies, clean, sets, [.5])(ones, half)
        return int(found.kept_ambiguous[0, 0]), int(found.kept_clear[0, 0])

    # The ambiguous faces are those of half 1.
    before, own, other = (kept(ood), kept(ood + 9 * half),
                          kept(ood + 9 * (1 - half)))
    assert own[0] == before[0] and own[1] != before[1]
    assert other[0] != before[0] and other[1] == before[1]


def sets_of(ambiguous, num_ood=4):
    return RoutingSets(4, np.arange(num_ood), np.arange(4),
                       np.array(ambiguous), np.empty((0, 4)))


@pytest.mark.parametrize('ood, clean, ambiguous, rate, message', [
    ([1.] * 4, [1.] * 4, [True, False] * 2, 0, 'rejection rate 0'),
    ([1.] * 4, [1.] * 4, [True, False] * 2, 1.1, 'rejection rate 1.1'),
    ([1.] * 3, [1.] * 4, [True, False] * 2, .5, '3 corrupted scores for 4'),
    ([1.] * 4, [1., 1., 1., np.nan], [True, False] * 2, .5, 'or NaN'),
    ([1.] * 4, [1.] * 4, [True] * 4, .5, 'all clean faces are ambiguous'),
    ([1.] * 4, [1.] * 4, [False] * 4, .5, 'or none is'),
])
def test_refuses(ood, clean, ambiguous, rate, message):
    with pytest.raises(ValueError, match=message):
        MatchedRejection(np.array(ood), np.array(clean), sets_of(ambiguous),
                         [rate])


def test_refuses_a_half_without_copies():
    with pytest.raises(ValueError, match='a half of the images has no'):
        MatchedRejection(np.arange(2.), np.arange(4.),
                         sets_of([True, False] * 2, num_ood=2), [.5])(
                             np.ones((1, 4), dtype=int),
                             half=np.array([0, 0, 1, 1]))
