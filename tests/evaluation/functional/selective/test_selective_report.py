"""Selective prediction of a whole table."""

from dataclasses import replace

import numpy as np
import pytest

from uar_mmpretrain.evaluation.functional import (
    risk_coverage,
    risk_coverage_curves,
    selective_report,
)

SCORES = ('epistemic', 'total', 'aleatoric', 'least_confidence')


@pytest.fixture(scope='module')
def found(table):
    return selective_report(table, num_resamples=200)


def test_is_about_clean_rows_only(table, found):
    assert selective_report(table.clean(),
                            num_resamples=200).values == found.values


def test_values_are_those_of_the_curves(table, found):
    clean = table.clean()
    judged = clean.eval_label >= 0
    answer = clean.mean_scores.argmax(1)
    shares = clean.votes / clean.votes.sum(1, keepdims=True)
    score = clean.decompose().total
    error = risk_coverage(score[judged], (answer != clean.eval_label)[judged])
    soft = risk_coverage(score, 1 - shares[np.arange(60), answer])
    for name, curve in (('', error), ('soft_', soft)):
        for area in ('aurc', 'eaurc', 'augrc'):
            assert found.values[f'{area}_{name}total'] == pytest.approx(
                getattr(curve, area))
        assert found.details[f'risk_at_coverage_80_{name}total'] \
            == pytest.approx(curve.risk_at(.8))
        assert found.details[f'coverage_at_accuracy_95_{name}total'] \
            == pytest.approx(curve.coverage_at(.05))
    assert found.values['num_images'] == judged.sum() < 60
    assert found.values['num_images_with_votes'] == 60
    assert found.values['risk_soft'] == pytest.approx(soft.risk[-1])


@pytest.mark.parametrize('score', SCORES)
@pytest.mark.parametrize('suffix', ['', '_soft'])
def test_intervals_hold_their_values(found, score, suffix):
    key = f'aurc{suffix}_{score}'
    low, high = (found.values[f'{key}_{end}'] for end in ('low', 'high'))
    assert low < found.values[key] < high
    assert high - low < .4


def test_curves_of_the_figure(table, found):
    curves = risk_coverage_curves(table)
    assert list(curves) == ['error', 'disagreement']
    for risk, suffix in (('error', ''), ('disagreement', '_soft')):
        assert list(curves[risk]) == list(SCORES)
        assert curves[risk]['aleatoric'].aurc == pytest.approx(
            found.values[f'aurc{suffix}_aleatoric'])


def test_further_channels_and_the_right_kind(table):
    channel = -table.eval_label.astype(float)
    values = selective_report(replace(table, channels=dict(knn=channel)),
                              'variance', num_resamples=5).values
    clean = table.clean()
    judged = clean.eval_label >= 0
    loss = (clean.mean_scores.argmax(1) != clean.eval_label)[judged]
    for name, score in (('knn', channel[table.is_clean]),
                        ('total', clean.decompose('variance').total)):
        assert values[f'aurc_{name}'] == pytest.approx(
            risk_coverage(score[judged], loss).aurc)


def test_what_cannot_be_computed_has_its_reason(make_table):
    table = make_table(30, num_members=1)
    found = selective_report(replace(table, votes=None), num_resamples=5)
    assert 'one member' in found.notes['epistemic']
    assert 'no clean image has votes' in found.notes['aurc_soft']
    assert found.values['num_images_with_votes'] == 0
    assert not [key for key in found.values
                if 'epistemic' in key or 'soft' in key]
    found = selective_report(replace(table, eval_label=np.full(len(table),
                                                               -1)),
                             num_resamples=5)
    assert 'evaluation label' in found.notes['aurc']
    assert 'risk' not in found.values and 'risk_soft' in found.values
    corrupted = table.select(~table.is_clean)
    found = selective_report(corrupted, num_resamples=5)
    assert set(found.values.values()) == {0.}
