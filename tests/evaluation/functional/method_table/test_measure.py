from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    decomposition_report,
    routing_report,
)
from uar_mmpretrain.evaluation.functional.method_table import (
    COLUMNS,
    MethodCosts,
    compare_methods,
    measure_method,
)

ROUTING = {'auroc_mean', 'auroc_strongest', 'auroc_sev1', 'auroc_sev5',
           'auroc_ambiguous', 'retention'}


@pytest.fixture(scope='module')
def measured(table):
    return measure_method('ensemble', table, num_resamples=20,
                          costs=MethodCosts(train_epochs=48))


def test_every_column_has_a_value_or_a_reason(measured):
    # The table has the severities 1 and 5.
    keys = {column.key for column in COLUMNS} - {
        f'auroc_sev{severity}{suffix}' for severity in (2, 3, 4)
        for suffix in ('', '_total')}
    assert {*measured.estimates} | {*measured.reasons} == keys
    assert not {*measured.estimates} & {*measured.reasons}
    assert measured.estimates['train_epochs'].value == 48
    assert measured.reasons == dict.fromkeys(
        ('train_seconds', 'forward_passes', 'milliseconds'), 'not measured')


def test_shift_and_routing_are_those_of_the_reports(measured, table):
    shift = decomposition_report(table, num_resamples=5).values
    for suffix, name in (('', 'epistemic'), ('_total', 'total')):
        by_severity = [shift[f'auroc_{name}_sev{s}'] for s in (1, 5)]
        found = measured.estimates
        assert found[f'auroc_strongest{suffix}'].value == pytest.approx(
            by_severity[-1])
        assert found[f'auroc_mean{suffix}'].value == pytest.approx(
            np.mean(by_severity))
        for severity, value in zip((1, 5), by_severity):
            assert found[f'auroc_sev{severity}{suffix}'].value == (
                pytest.approx(value))
        routing = routing_report(table, num_resamples=20).values
        for key in ('retention', 'auroc_ambiguous'):
            assert found[f'{key}{suffix}'].value == pytest.approx(
                routing[f'{key}_{name}'])


def test_one_member_has_no_epistemic_figures(table):
    one = replace(table, member_scores=table.member_scores[:, :1])
    found = measure_method('LDL', one, num_resamples=5)
    for key in ROUTING:
        assert 'one member' in found.reasons[key]
        assert f'{key}_total' in found.estimates
    assert 'rho' in found.estimates


def test_a_channel_may_drive_rejection(table):
    rng = np.random.default_rng(0)
    noise = 1e-3 * rng.random(len(table))
    one = replace(table, member_scores=table.member_scores[:, :1],
                  channels=dict(oracle=table.severity + noise))
    found = measure_method('oracle', one, score='oracle', num_resamples=5)
    assert compare_methods([found]).rows[0].score == 'oracle'
    assert found.estimates['auroc_strongest'].value == 1
    assert found.estimates['retention'].value == 1
    with pytest.raises(ValueError, match="no score 'density'.*oracle"):
        measure_method('x', one, score='density')


def test_a_channel_may_be_what_is_compared_with_votes(table):
    table = replace(table, channels=dict(copied=table.vote_entropy()))
    found = measure_method('m', table, aleatoric='copied', num_resamples=5)
    assert found.estimates['rho'].value == pytest.approx(1)
    assert compare_methods([found]).rows[0].aleatoric == 'copied'
    # All else is as ever.
    plain = measure_method('m', table, num_resamples=5)
    assert plain.aleatoric == 'aleatoric'
    assert plain.estimates['rho'].value < 0.95
    for key in {*plain.estimates} - {'rho', 'rho_of_ceiling'}:
        assert found.estimates[key].value == plain.estimates[key].value
    with pytest.raises(ValueError, match="no score 'dirichlet_aleatoric'"):
        measure_method('m', table, aleatoric='dirichlet_aleatoric')


def test_a_part_of_the_uncertainty_may_drive_rejection(table):
    found = measure_method('total', table, score='total', num_resamples=5)
    for key in ROUTING:
        assert found.estimates[key].value == found.estimates[
            f'{key}_total'].value


def test_ties_that_reject_another_share_are_not_compared(table):
    tied = replace(table, channels=dict(tied=np.zeros(len(table))))
    found = measure_method('tied', tied, score='tied', num_resamples=5)
    assert 'constant' in found.reasons['retention']
    assert found.estimates['auroc_ambiguous'].value == 0.5
