"""Counts of routing actions by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from uar_mmpretrain.evaluation.functional import (
    PredictionTable,
    action_report,
)
from uar_mmpretrain.routing import Action

ACCEPT, REPORT, REJECT = Action


@pytest.fixture
def routed():
    """Four clean faces, the last two ambiguous, and four copies."""
    actions = [ACCEPT, REPORT, REPORT, REJECT, REJECT, REJECT, ACCEPT, REPORT]
    votes = [[10, 0], [9, 1], [5, 5], [5, 5]]
    scores = [[[.9, .1]], [[.1, .9]], [[.6, .4]], [[.6, .4]]]
    return PredictionTable(
        image_id=list('abcd') * 2, corruption=['clean'] * 4 + ['fog'] * 4,
        severity=[0] * 4 + [5] * 4, label=[0] * 8,
        eval_label=[0, 0, -1, -1] * 2, member_scores=scores * 2,
        votes=votes * 2, classes=('x', 'y'), action=actions)


def test_hand_values(routed):
    values = action_report(routed, ambiguous_quantile=.5).values
    assert values['clear_accept'] == .5 and values['clear_report'] == .5
    assert values['ambiguous_report'] == .5 == values['ambiguous_reject']
    assert values['corrupted_reject'] == .5
    assert values['report_precision'] == .5 == values['report_recall']
    assert values['accuracy_accept'] == 1
    assert values['accuracy_accept_num_images'] == 1


def test_rows_of_the_table_add_up(routed):
    values = action_report(routed).values
    for name in ('clear', 'ambiguous', 'corrupted'):
        assert sum(values[f'{name}_{a.name.lower()}'] for a in Action) == 1


def test_without_votes_clean_faces_are_one_set(routed):
    values = action_report(replace(routed, votes=None)).values
    assert values['clean_report'] == .5
    assert 'report_recall' not in values and 'ambiguous_accept' not in values


def test_sets_without_rows_are_left_out(routed):
    values = action_report(routed, severity=3).values
    assert not any(key.startswith('corrupted') for key in values)


def test_nothing_accepted_has_no_accuracy(routed):
    values = action_report(
        routed.with_action(np.full(8, REJECT))).values
    assert 'accuracy_accept' not in values
    assert 'report_precision' not in values
    assert values['accuracy_accept_num_images'] == 0


def test_needs_actions(table):
    with pytest.raises(ValueError, match='router.json'):
        action_report(table)


def test_counts_and_intervals(routed):
    found = action_report(routed, ambiguous_quantile=.5)
    assert found.details['num_clear'] == 2 == found.details['num_ambiguous']
    assert found.details['num_corrupted'] == 4
    assert found.details['corrupted_reject_num_rows'] == 2
    for key in ('clear_accept', 'ambiguous_report'):
        expected = binomtest(1, 2).proportion_ci(method='wilson')
        assert found.details[f'{key}_low'] == expected.low
        assert found.details[f'{key}_high'] == expected.high
    for key, count, total in (('report_recall', 1, 2), ('accuracy_accept',
                                                        1, 1)):
        expected = binomtest(count, total).proportion_ci(method='wilson')
        assert (found.values[f'{key}_low'],
                found.values[f'{key}_high']) == (expected.low, expected.high)


def test_copies_of_an_image_are_not_independent(make_table):
    """Five corruptions that always agree are worth one, not five."""
    names = [f'corruption_{i}' for i in range(5)]
    table = make_table(200, names, (5, ))
    number = np.array([int(name[-8:-4]) for name in table.image_id])
    found = action_report(table.with_action(
        np.where(number % 2, REJECT, ACCEPT)))
    width = (found.details['corrupted_reject_high'] -
             found.details['corrupted_reject_low'])
    assert width == pytest.approx(2 * 1.96 * (.25 / 200)**.5, rel=.1)
