"""Routers against each other, against random, and refusals."""

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    RoutingSets,
    compare_routers,
    routing_rows,
    uncertainty_scores,
)
from uar_mmpretrain.evaluation.functional.routing.routing_sets import (
    split_halves,
)

RATES = (.3, .5, .7)


def compare(table, scores, num_resamples=200, **kwargs):
    rows = routing_rows(table)
    return compare_routers({n: s[rows.ood] for n, s in scores.items()},
                           {n: s[rows.clean] for n, s in scores.items()},
                           rows.sets, RATES, num_resamples=num_resamples,
                           **kwargs)


@pytest.fixture(scope='module')
def big(make_table):
    return make_table(400, severities=(5, ))


def test_ratio_difference_and_random(big):
    scores = uncertainty_scores(big)
    found = compare(big, scores)
    ours = found.routers['epistemic']
    theirs = found.routers['least_confidence']
    against = found.against('epistemic', 'least_confidence')
    assert ours.headline == 1
    assert against.ratio == pytest.approx(
        ours.retention[1] / theirs.retention[1])
    assert against.difference == pytest.approx(
        100 * (ours.retention[1] - theirs.retention[1]))
    random = found.against_random('epistemic')
    assert random.ratio == pytest.approx(ours.retention[1] / .5)
    assert random.difference == pytest.approx(100 * (ours.retention[1] - .5))
    for comparison in (against, random):
        low, high = comparison.difference_interval
        assert low < comparison.difference < high
        low, high = comparison.ratio_interval
        assert low < comparison.ratio < high


def test_thresholds_are_measured_where_they_were_not_fitted(big):
    found = compare(big, uncertainty_scores(big), num_resamples=20)
    for router in found.routers.values():
        np.testing.assert_allclose(router.realised, RATES, atol=.005)
        # Held out, the match is close but not perfect.
        assert (router.realised != RATES).any()


def test_a_shuffled_score_shows_the_random_baseline(big):
    rng = np.random.default_rng(0)
    total = uncertainty_scores(big)['total']
    found = compare(big, {'shuffled': rng.permutation(total), 'total': total})
    shuffled = found.routers['shuffled']
    np.testing.assert_allclose(shuffled.retention, 1 - np.array(RATES),
                               atol=.12)
    assert shuffled.auroc == pytest.approx(.5, abs=.06)
    assert found.against('shuffled', 'total').ratio == pytest.approx(
        .5 / found.routers['total'].retention[1], rel=.25)
    low, high = found.against_random('shuffled').ratio_interval
    assert low < 1 < high


def test_a_constant_score_is_refused(big):
    scores = uncertainty_scores(big)
    found = compare(big, {'e': scores['epistemic'],
                          'c': np.zeros(len(big))}, 5)
    for comparison in (found.against('e', 'c'), found.against('c', 'e'),
                       found.against_random('c'),
                       found.against_best('e', ['c']),
                       found.against_best('c', ['e'])):
        assert not comparison.comparable
        assert np.isnan(comparison.ratio) and np.isnan(comparison.difference)
    assert 'score c is constant' in found.against('e', 'c').reason
    assert 'constant' in found.against_random('c').reason
    assert 'no comparator' in found.against_best('e', ['c']).reason


def test_unequal_rejection_is_refused(big):
    scores = uncertainty_scores(big)
    coarse = np.round(scores['epistemic'], 1)
    found = compare(big, {'coarse': coarse, 'total': scores['total']}, 5)
    refused = found.against('coarse', 'total')
    assert not refused.comparable
    assert 'differs by more than 0.5%' in refused.reason
    refused = found.against_random('coarse')
    assert not refused.comparable and 'instead of 50.0%' in refused.reason
    # What cannot be matched is not the best of anything.
    assert found.best('total', ['coarse']) is None


def test_ties_that_leave_the_rate_alone_are_compared(big):
    """Two copies of every value reject 50% as well as distinct values do."""
    epistemic = uncertainty_scores(big)['epistemic']
    paired = np.argsort(np.argsort(epistemic)) // 2
    found = compare(big, {'paired': paired, 'epistemic': epistemic}, 20)
    against = found.against('paired', 'epistemic')
    assert against.comparable and against.ratio == pytest.approx(1, abs=.02)


def test_the_best_comparator_keeps_most(big):
    scores = uncertainty_scores(big)
    found = compare(big, scores)
    names = ['epistemic', 'total', 'aleatoric', 'least_confidence']
    kept = {name: found.routers[name].retention[1] for name in names[1:]}
    best = found.best('epistemic', names)
    assert kept[best] == max(kept.values())
    strongest = found.against_best('epistemic', names)
    assert strongest.ratio == found.against('epistemic', best).ratio
    # Chosen anew in every replicate, it is no weaker than any one of them.
    for name in names[1:]:
        one = found.against('epistemic', name)
        assert strongest.ratio <= one.ratio
        for ours, theirs in zip(strongest.difference_interval,
                                one.difference_interval):
            assert ours <= theirs


def test_one_candidate_is_the_best(big):
    found = compare(big, uncertainty_scores(big), 40)
    assert found.against_best('epistemic', ['total']) == found.against(
        'epistemic', 'total')


def test_copying_corrupted_copies_does_not_shrink_the_interval():
    rng = np.random.default_rng(0)
    n = 300
    halves = np.stack([split_halves(np.arange(n).astype(str), str(s))
                       for s in range(4)])
    once = np.arange(n)
    corrupted, clean = rng.normal(1, 1, n), rng.normal(size=n)
    ambiguous = rng.random(n) < .25
    widths = []
    for copies in (1, 5):
        sets = RoutingSets(n, np.tile(once, copies), once, ambiguous, halves)
        found = compare_routers(dict(e=np.tile(corrupted, copies)),
                                dict(e=clean), sets, [.5], num_resamples=800)
        router = found.routers['e']
        widths.append([router.retention_interval.high -
                       router.retention_interval.low,
                       router.auroc_interval.high -
                       router.auroc_interval.low])
    np.testing.assert_allclose(widths[1], widths[0], rtol=.1)


def test_the_interval_covers_the_sampling_error():
    """The bootstrap spread is that of redrawn data sets."""
    rng = np.random.default_rng(1)
    n, values, widths = 200, [], []
    halves = np.stack([split_halves(np.arange(n).astype(str), str(s))
                       for s in range(2)])
    for _ in range(40):
        sets = RoutingSets(n, np.arange(n), np.arange(n),
                           np.arange(n) < 50, halves)
        found = compare_routers(dict(e=rng.normal(1, 1, n)),
                                dict(e=rng.normal(size=n)), sets, [.5],
                                num_resamples=100)
        values.append(found.routers['e'].retention[0])
        low, high = found.routers['e'].retention_interval
        widths.append(high - low)
    assert np.mean(widths) == pytest.approx(2 * 1.96 * np.std(values), rel=.35)


def test_a_comparator_that_keeps_none_gives_no_ratio(big):
    rows = routing_rows(big)
    hostile = np.random.default_rng(0).random(len(big))
    hostile[rows.clean] += 10
    found = compare(big, {'e': uncertainty_scores(big)['epistemic'],
                          'hostile': hostile})
    against = found.against('e', 'hostile')
    assert against.comparable and np.isnan(against.ratio)
    assert np.isfinite(against.ratio_interval).all()
    assert against.difference == pytest.approx(
        100 * found.routers['e'].retention[1])


def test_seeds(big):
    scores = uncertainty_scores(big)
    a, b, c = (compare(big, scores, 40, seed=s) for s in (0, 0, 1))
    interval = [x.against('epistemic', 'total').difference_interval
                for x in (a, b, c)]
    assert interval[0] == interval[1] != interval[2]
