"""Which scores are compared: channels, one member, the one that drives."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    action_report,
    routing_report,
)
from uar_mmpretrain.routing import Router


@pytest.fixture(scope='module')
def with_channels(make_table):
    """A channel that knows, and an entropy another model could have."""
    table = make_table(300, severities=(5, ))
    rng = np.random.default_rng(0)
    total = table.decompose().total
    return replace(table, channels=dict(
        density=table.severity + rng.normal(0, 3, len(table)),
        ldl_entropy=total + rng.normal(0, .1, len(table))))


def test_channels_are_routers_under_test(with_channels):
    found = routing_report(with_channels, num_resamples=40)
    for name in ('density', 'ldl_entropy'):
        assert f'retention_{name}' in found.values
        assert f'auroc_ambiguous_{name}' in found.values
    # Against the same comparators as the driving score, and against it.
    other = {key[:-len('_points_of_density')] for key in found.details
             if key.endswith('_points_of_density')}
    assert other == {f'difference_{name}' for name in (
        'epistemic', 'total', 'aleatoric', 'least_confidence', 'ldl_entropy',
        'best', 'random')}
    assert found.details['difference_total_points_of_density'] == \
        pytest.approx(100 * (found.values['retention_density'] -
                             found.values['retention_total']))
    # The entropy of another model is a comparator, a channel is not.
    assert 'ratio_ldl_entropy' in found.values
    assert 'ratio_density' not in found.values
    assert 'difference_total_points_of_ldl_entropy' not in found.details


def test_the_score_that_drives_is_an_option(with_channels):
    driven = routing_report(with_channels, score='density', num_resamples=40)
    plain = routing_report(with_channels, num_resamples=40)
    values = driven.values
    for name in ('epistemic', 'total', 'ldl_entropy', 'random'):
        assert values[f'difference_{name}_points'] == pytest.approx(
            100 * (values['retention_density'] -
                   values[f'retention_{name}']))
    # The same comparison from the other side of the option.
    assert values['difference_epistemic_points_low'] == \
        plain.details['difference_epistemic_points_of_density_low']
    assert 'difference_density_points_of_epistemic' in driven.details
    # What each score does alone does not depend on who drives.
    for key in ('retention_epistemic', 'auroc_ambiguous_total_low'):
        assert values[key] == plain.values[key]


def test_a_comparator_may_drive(with_channels):
    found = routing_report(with_channels, score='total', num_resamples=20)
    assert 'ratio_total' not in found.values
    assert 'ratio_epistemic' in found.values
    assert 'best_comparator_total' not in found.details


def test_an_unknown_score_is_named(with_channels):
    found = routing_report(with_channels, score='densty', num_resamples=5)
    assert 'found epistemic, total' in found.notes['densty']
    assert 'retention_total' in found.values
    assert not any('ratio' in key for key in found.values)


def test_a_single_member_compares_single_scores_only(make_table):
    found = routing_report(make_table(num_members=1), num_resamples=20)
    assert 'one member' in found.notes['epistemic']
    assert 'retention_total' in found.values
    assert not any('epistemic' in key or 'ratio' in key
                   for key in {**found.values, **found.details})


def test_one_entropy_falls_below_the_random_line(make_table):
    """Where ambiguous faces out-score corrupted copies, it says so."""
    table = make_table(200, severities=(5, ), num_members=1)
    sure = np.random.default_rng(0).uniform(.6, 1, len(table))
    votes = np.maximum(table.votes, .1) / np.maximum(table.votes,
                                                     .1).sum(1)[:, None]
    peaked = np.c_[sure, np.tile((1 - sure)[:, None] / 3, 3)]
    scores = np.where(table.is_clean[:, None], votes, peaked)
    table = replace(table, member_scores=scores[:, None])
    found = routing_report(table, num_resamples=100)
    assert (found.values['retention_total_high'] <
            found.values['retention_random'])
    assert found.values['auroc_ambiguous_total_high'] < .5
    assert found.details['difference_random_points_of_total_high'] < 0
    # One score has no second threshold: there is no REPORT to count.
    with pytest.raises(ValueError, match='one member|single member'):
        Router(.1, .1).route(table.decompose())
    with pytest.raises(ValueError, match='no actions'):
        action_report(table)


def test_one_member_and_a_channel_can_route(make_table):
    table = make_table(200, severities=(5, ), num_members=1)
    table = replace(table, channels=dict(
        density=table.severity + np.random.default_rng(0).normal(
            0, 1, len(table))))
    found = routing_report(table, score='density', num_resamples=20)
    assert not found.notes
    assert found.values['ratio_total'] > 1 < found.values['ratio_best']
