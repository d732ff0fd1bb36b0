"""Calibration of a whole table, by hand and against scikit-learn."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import log_loss

from uar_mmpretrain.evaluation.functional import (
    PredictionTable,
    calibration_report,
    reliability_diagrams,
)


def make(scores, votes, eval_label=None):
    """Clean rows of one member."""
    count = len(scores)
    votes = np.asarray(votes)
    label = votes.argmax(1)
    return PredictionTable(
        image_id=[f'{i:04}' for i in range(count)],
        corruption=['clean'] * count, severity=np.zeros(count), label=label,
        eval_label=label if eval_label is None else eval_label,
        member_scores=np.asarray(scores)[:, None],
        classes=tuple('abcdefgh'[:votes.shape[1]]), votes=votes)


@pytest.fixture(scope='module')
def found(table):
    return calibration_report(table, num_resamples=200)


def test_answering_as_people_vote_looks_wrong_against_labels_only():
    """60/40 faces answered 60/40: hard ECE .4, nothing else to complain."""
    values = calibration_report(make([[.6, .4]] * 20, [[6, 4]] * 20),
                                num_resamples=5).values
    assert values['ece'] == pytest.approx(.4)
    assert values['ece_mass'] == pytest.approx(.4)
    for name in ('ece_soft', 'tv', 'kl', 'js', 'brier_soft',
                 'entropy_error'):
        assert values[name] == pytest.approx(0, abs=1e-6)
    assert values['ranking_score'] == 1 == values['top2_agreement']


def test_three_faces_by_hand():
    table = make([[.7, .2, .1], [.4, .6, 0], [.1, .85, .05]],
                 [[6, 3, 1], [5, 5, 0], [2, 8, 0]], [0, 0, 1])
    values = calibration_report(table, num_resamples=5).values
    errors = [-.0961, -.0201, .0178]
    expected = dict(
        accuracy_soft=np.mean([.6, .5, .8]), tv=.1,
        entropy_error=np.mean(errors),
        entropy_error_absolute=np.mean(np.abs(errors)),
        kl=np.mean([.029149, .020411, .090130]), brier_soft=.018333,
        brier=.298333, nll=-np.log([.7, .4, .85]).mean(), ranking_score=1.,
        ece=(.3 + .6 + .15) / 3, mce=.6,
        ece_soft=(.1 + .1 + .05) / 3)
    for name, value in expected.items():
        assert values[name] == pytest.approx(value, abs=1e-4), name


def test_equals_scikit_learn(table, found):
    clean = table.clean()
    judged = clean.eval_label >= 0
    truth, scores = clean.eval_label[judged], clean.mean_scores[judged]
    scores = scores / scores.sum(1, keepdims=True)
    assert found.values['nll'] == pytest.approx(
        log_loss(truth, scores, labels=range(4)), abs=1e-6)
    one_hot = np.eye(4)[truth]
    assert found.values['brier'] == pytest.approx(
        4 * np.mean((one_hot - scores)**2), abs=1e-6)


def test_intervals_hold_the_means(found):
    names = [key[:-4] for key in found.values if key.endswith('_low')]
    assert {'ece', 'ece_soft', 'nll', 'brier', 'tv', 'kl', 'js',
            'entropy_error'} <= set(names)
    for name in names:
        low, high = (found.values[f'{name}_{end}'] for end in ('low', 'high'))
        assert low < high, name
        if not name.startswith('ece'):
            assert low <= found.values[name] <= high, name


def test_details_by_quartile_add_up(found):
    for names, suffix in ((('nll', 'brier'), ''),
                          (('tv', 'entropy_error', 'accuracy_soft'),
                           '_soft')):
        sizes = {q: found.details[f'num_images{suffix}_q{q}']
                 for q in range(1, 5)
                 if f'num_images{suffix}_q{q}' in found.details}
        assert len(sizes) == 4
        for name in names:
            mean = sum(size * found.details[f'{name}_q{q}']
                       for q, size in sizes.items()) / sum(sizes.values())
            assert mean == pytest.approx(found.values[name])
    # Ambiguity costs likelihood.
    assert found.details['nll_q1'] < found.details['nll_q4']


def test_details_by_severity_are_those_of_the_copies(table, found):
    rows = (table.severity == 5) & (table.eval_label >= 0)
    p = table.mean_scores[rows, table.eval_label[rows]]
    assert found.details['nll_sev5'] == pytest.approx(-np.log(p).mean())
    assert found.details['num_images_sev5'] == rows.sum()
    assert {'ece_sev1', 'ece_sev5'} <= set(found.details)
    assert 'ece_sev0' not in found.details
    clean = calibration_report(table.clean(), num_resamples=200)
    assert clean.values == found.values


def test_diagrams_are_those_of_the_report(table, found):
    diagrams = reliability_diagrams(table)
    assert diagrams['hard'].expected_error == pytest.approx(
        found.values['ece'])
    assert diagrams['hard'].maximum_error == pytest.approx(
        found.values['mce'])
    assert diagrams['soft'].expected_error == pytest.approx(
        found.values['ece_soft'])
    assert diagrams['soft'].count.sum() == 60
    assert len(reliability_diagrams(table, 4)['hard'].count) == 4


def test_a_certain_mistake_is_finite():
    values = calibration_report(make([[1., 0.]] * 3, [[0, 10]] * 3),
                                num_resamples=5).values
    assert values['nll'] == pytest.approx(np.log(1e12))
    assert values['kl'] == pytest.approx(np.log(1e12))
    assert values['mce'] == 1 == values['ece'] == values['ece_soft']
    assert all(np.isfinite(list(values.values())))


def test_what_cannot_be_computed_has_its_reason(table):
    found = calibration_report(replace(table, votes=None), num_resamples=5)
    assert 'no clean image has votes' in found.notes['ece_soft']
    assert 'ece' in found.values and 'tv' not in found.values
    assert found.values['num_images_with_votes'] == 0
    assert 'ece_sev5' in found.details and 'ece_q1' not in found.details
    none = replace(table, eval_label=np.full(len(table), -1))
    found = calibration_report(none, num_resamples=5)
    assert 'evaluation label' in found.notes['ece']
    assert 'ece' not in found.values and 'ece_soft' in found.values
    assert list(reliability_diagrams(none)) == ['soft']


def test_refuses_no_bins(table):
    with pytest.raises(ValueError, match='num_bins is 0'):
        calibration_report(table, num_bins=0)
